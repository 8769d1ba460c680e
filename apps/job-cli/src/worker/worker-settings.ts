import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { envPort } from '../config/host-port.js';
import { parseDurationMs } from '../config/parse-duration.js';
import { JobError } from '../job-error.js';

/** How a worker works, as given on the command line. */
export interface WorkerFlags {
  readonly id?: string;
  readonly interval?: number;
  readonly drainTimeout: number;
  readonly verifyEvery: number;
  readonly concurrency: number;
  readonly port?: number;
  readonly force?: boolean;
}

/** How a worker works. */
export interface WorkerSettings {
  /** Member id, unique in the group. */
  readonly id: string;
  /** Ms between two runs. */
  readonly intervalMs: number;
  /** Ms that running sagas get to end when the worker steps down. */
  readonly drainMs: number;
  /** Ms after which all nodes are compared again even where nothing looks wrong. */
  readonly verifyEveryMs: number;
  /** Items at work at once. */
  readonly concurrency: number;
  /** Port of the health server, 0 for a free one; null: none. */
  readonly port: number | null;
  /** Whether records that this journal did not write are deleted. */
  readonly force: boolean;
  readonly logLevel: string;
}

const INTERVAL_MS = 1_000;
const LEAST_INTERVAL_MS = 10;
const MOST_ID_BYTES = 128;
export const LOG_LEVELS: readonly string[] = ['silent', 'error', 'warn', 'info', 'debug'];

type Env = Readonly<Record<string, string | undefined>>;

/** Decides by command line, then environment. @throws JobError that names the source, its value and the remedy. */
export function resolveWorkerSettings(flags: WorkerFlags, env: Env): WorkerSettings {
  const interval = env['HOLDFAST_INTERVAL_MS'] || undefined;
  const intervalMs =
    flags.interval ??
    (interval === undefined ? INTERVAL_MS : parseDurationMs(interval, 'HOLDFAST_INTERVAL_MS'));
  if (intervalMs < LEAST_INTERVAL_MS) {
    throw new JobError('CONFIG', `the interval is ${intervalMs} ms`, {
      remedy: `Give ${LEAST_INTERVAL_MS} ms or more with --interval or HOLDFAST_INTERVAL_MS.`,
    });
  }
  const port = env['HOLDFAST_WORKER_PORT'] || undefined;
  return Object.freeze({
    id: idOf(flags.id ?? (env['HOLDFAST_WORKER_ID'] || undefined)),
    intervalMs,
    drainMs: flags.drainTimeout,
    verifyEveryMs: flags.verifyEvery,
    concurrency: flags.concurrency,
    port: flags.port ?? (port === undefined ? null : envPort(env, 'HOLDFAST_WORKER_PORT', 0, 0)),
    force: flags.force ?? false,
    logLevel: levelOf(env['HOLDFAST_LOG_LEVEL'] || 'info'),
  });
}

function idOf(given: string | undefined): string {
  if (given === undefined) return `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
  if (given.trim() !== '' && Buffer.byteLength(given) <= MOST_ID_BYTES) return given;
  throw new JobError('CONFIG', `the worker's id is ${JSON.stringify(given)}`, {
    remedy: `Give 1 to ${MOST_ID_BYTES} bytes with --id or HOLDFAST_WORKER_ID, or leave it out.`,
  });
}

function levelOf(level: string): string {
  if (LOG_LEVELS.includes(level)) return level;
  throw new JobError('CONFIG', `HOLDFAST_LOG_LEVEL is ${JSON.stringify(level)}`, {
    remedy: `Use one of ${LOG_LEVELS.join(', ')}.`,
  });
}
