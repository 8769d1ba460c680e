import Fastify from 'fastify';
import { JobError } from '../job-error.js';
import type { WorkerMetrics } from './worker-metrics.js';

const HOST = '127.0.0.1';

/** How a worker is, in one word: it has not joined its group yet, waits to lead, leads, or is on its way out. */
export type WorkerState = 'joining' | 'candidate' | 'leader' | 'stopping';

/** What `/healthz` tells. */
export interface Health {
  readonly state: WorkerState;
  readonly id: string;
  readonly journal: string;
  /** Whether the coordination backend answered lately. */
  readonly coordinated: boolean;
  /** Why the last run failed or what it left; null: nothing, or it does not lead. */
  readonly error: string | null;
}

/** The listening health server. */
export interface HealthServer {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * `GET /healthz` (200 while the worker takes part, 503 before it has joined, when the backend is away, and on its way
 * out) and `GET /metrics`. Reachable from this host only.
 *
 * @throws JobError `CONFIG` where the port is taken.
 */
export async function startHealthServer(o: {
  /** 0 takes a free one. */
  readonly port: number;
  readonly health: () => Health;
  readonly metrics: WorkerMetrics;
}): Promise<HealthServer> {
  const app = Fastify({ forceCloseConnections: true });
  app.get('/healthz', (_request, reply) => {
    const health = o.health();
    const takesPart = health.coordinated && (health.state === 'leader' || health.state === 'candidate');
    return reply.code(takesPart ? 200 : 503).send({ status: takesPart ? 'ok' : 'unavailable', ...health });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', o.metrics.contentType).send(await o.metrics.show()),
  );
  try {
    const url = await app.listen({ host: HOST, port: o.port });
    return { url, close: async () => void (await app.close()) };
  } catch (cause) {
    await app.close();
    throw new JobError(
      'CONFIG',
      `port ${o.port} on ${HOST} for the worker's health cannot be used: ${String(cause)}`,
      {
        remedy:
          'Stop what listens there, or give another with --port or HOLDFAST_WORKER_PORT (0 takes a free one).',
        cause,
      },
    );
  }
}
