import type { EngineSettings } from '../config/engine-settings.js';
import { formatHostPort } from '../config/host-port.js';
import { JobError } from '../job-error.js';

/** Ms for an answer of the admin port. */
const ANSWER_MS = 5_000;

/** What the engine's admin port shows of a switch. */
export interface EngineView {
  /** The colour that takes new queries. */
  readonly active: string;
  /** `steady`, `announced` or `drain`. */
  readonly phase: string;
  /** The colour that a switch goes to; null while there is none. */
  readonly next: string | null;
  readonly suspended: boolean;
  /** Queries by colour that have not been cleared. */
  readonly runningQueries: Readonly<Record<string, number>>;
}

/** What a switch is asked to be; left out: the other colour, and the engine's own times. */
export interface SwitchOrder {
  readonly to?: string;
  readonly announceMs?: number;
  readonly drainMs?: number;
}

/** Where the engine stands. @throws JobError `ENGINE_UNREACHABLE` or `ENGINE_REFUSED`. */
export function readEngine(settings: EngineSettings, signal: AbortSignal): Promise<EngineView> {
  return ask(settings, { path: '/state', method: 'GET' }, signal);
}

/** Begins a switch; the state right after. @throws JobError `CONFIG` without a token, else as `readEngine`. */
export function switchEngine(
  settings: EngineSettings,
  order: SwitchOrder,
  signal: AbortSignal,
): Promise<EngineView> {
  const { adminToken } = settings;
  if (adminToken === null) {
    throw new JobError('CONFIG', 'HOLDFAST_ADMIN_TOKEN is not set, and a switch needs it', {
      remedy: 'Set it to the token that the engine was started with, or that it printed at its start.',
    });
  }
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const body = JSON.stringify(order);
  return ask(settings, { path: '/switch', method: 'POST', headers, body }, signal);
}

async function ask(
  settings: EngineSettings,
  { path, ...request }: { readonly path: string } & RequestInit,
  signal: AbortSignal,
): Promise<EngineView> {
  const url = `http://${formatHostPort(settings.admin)}`;
  let reply: Response;
  let body: unknown;
  try {
    reply = await fetch(url + path, {
      ...request,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    body = await reply.json().catch(() => null);
  } catch (cause) {
    throw new JobError(
      'ENGINE_UNREACHABLE',
      `the engine's admin port ${url} does not answer: ${reasonOf(cause)}`,
      {
        remedy: 'Start the local stack with "npx -y pnpm@12.21.0 dev", or name the port with --engine-admin.',
        cause,
      },
    );
  }
  const view = readView(body);
  if (reply.ok && view !== null) return view;
  throw refusal(url, reply.status, body);
}

function refusal(url: string, status: number, body: unknown): JobError {
  const said = isFields(body) && typeof body['message'] === 'string' ? `: ${body['message']}` : '';
  const message = `the engine's admin port ${url} answers ${status}${said}`;
  if (status !== 401) return new JobError('ENGINE_REFUSED', message);
  return new JobError('CONFIG', message, { remedy: 'Set HOLDFAST_ADMIN_TOKEN to the token of this engine.' });
}

function readView(body: unknown): EngineView | null {
  if (!isFields(body) || typeof body['active'] !== 'string' || typeof body['phase'] !== 'string') return null;
  const running = isFields(body['runningQueries']) ? body['runningQueries'] : {};
  return {
    active: body['active'],
    phase: body['phase'],
    next: typeof body['next'] === 'string' ? body['next'] : null,
    suspended: body['suspended'] === true,
    runningQueries: Object.fromEntries(
      Object.entries(running).flatMap(([colour, count]) =>
        typeof count === 'number' ? [[colour, count]] : [],
      ),
    ),
  };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
}
