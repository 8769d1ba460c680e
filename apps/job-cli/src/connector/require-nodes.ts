import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { JobError } from '../job-error.js';
import type { Run } from '../job-host.js';

/** Ms that a node gets to answer at all before work begins. */
const GREETING_MS = 3_000;

/**
 * Asks whether any node answers before work is begun, so that a wrong address is told at once and not after the
 * deadline of every item. Any HTTP reply will do.
 *
 * @throws JobError `NODES_UNREACHABLE` naming the nodes, why, and where they were configured.
 */
export async function requireNodes(run: Run): Promise<void> {
  const { nodes, nodesFrom } = await run.settings();
  const urls = [...new Set(Object.values(nodes))];
  try {
    await Promise.any(urls.map((url) => ping(url, run.io.signal)));
  } catch (cause) {
    const names = Object.entries(nodes).map(([name, url]) => `${name} ${url}`);
    const why = cause instanceof AggregateError ? String(cause.errors[0]) : String(cause);
    throw new JobError(
      'NODES_UNREACHABLE',
      `no node answered: ${names.join(', ')} (from ${nodesFrom}); ${why}. Nothing was sent`,
      {
        remedy: 'Start the local stack with "npx -y pnpm@12.21.0 dev", or name the nodes with --nodes.',
        cause,
      },
    );
  }
}

function ping(url: string, signal: AbortSignal): Promise<void> {
  const get = url.startsWith('https:') ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    // Without an agent: no connection stays behind.
    const request = get(`${url}/ping`, { agent: false, signal, timeout: GREETING_MS }, (reply) => {
      reply.destroy();
      resolve();
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${GREETING_MS} ms`)));
    request.on('error', reject);
  });
}
