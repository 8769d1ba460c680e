import { type Clock, systemClock } from './clock.js';
import { ReliableConnectorError } from './errors.js';
import type { Journal } from './journal/journal.js';
import type { LockProvider } from './locks.js';
import { type Logger, silentLogger } from './logger.js';
import type { Transport } from './nodes/transport.js';
import { type Random, systemRandom } from './random.js';

/** Retrying (4.8): full jitter, never past the deadline while going forward, without end while undoing. */
export interface RetryOptions {
  /** Ms; upper bound of the first wait, doubled for each further one. Default 50. */
  readonly baseMs?: number;
  /** Ms; no wait of forward work is longer. Default 5,000. */
  readonly capMs?: number;
  /** Ms; no wait of an undo is longer. Default 30,000. */
  readonly undoCapMs?: number;
  /** Ms; bound of one attempt from its send. Default 2,000. */
  readonly attemptTimeoutMs?: number;
}

/** Bounds on what one connector holds. */
export interface LimitOptions {
  /** Longest group id in bytes of UTF-8. Default 256. */
  readonly idBytes?: number;
  /** Requests in flight per node; more wait in its queue. Default 64. */
  readonly maxInFlightPerNode?: number;
  /** Largest reply body in bytes that is read; a larger one decides nothing. Default 65,536. */
  readonly replyBytes?: number;
  /** Sagas at work in this connector at once; more wait, up to their deadline. Default 1,024. */
  readonly maxSagas?: number;
}

export interface ConnectorOptions {
  /** Node name → base URL, as `{ node01: 'http://127.0.0.1:8080/v1' }`. 1 to 64 nodes. The name travels in the header `node`. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Path of the embedded SQLite journal (needs `better-sqlite3`), or a journal. */
  readonly journal: string | Journal;
  /** Exclusion of other hosts. Default none. */
  readonly locks?: LockProvider;
  /** Opens the connector for one leadership term: its fence is raised, and when `signal` aborts it sends nothing more. */
  readonly leadership?: { readonly term: bigint; readonly signal: AbortSignal };
  /** Ms over everything that a caller waits for. Default 15,000. */
  readonly deadlineMs?: number;
  /** Q (4.2), ms: how long after its sending a request may still take effect. Default 60,000, or 2,000 when all nodes are loopback addresses. */
  readonly maxServerLagMs?: number;
  /** A node's own error reply ends its handler (4.2). Default true. */
  readonly ownErrorsAreFinal?: boolean;
  /** Something between may send a request twice (4.2): then every sent attempt may be alive. Default false. */
  readonly proxyMayResend?: boolean;
  /** Nodes are called in parallel or one after the other. Default `parallel`. */
  readonly fanOut?: 'parallel' | 'sequential';
  readonly retry?: RetryOptions;
  readonly limits?: LimitOptions;
  /** Ms; a create found unfinished by recovery that is older is aborted, not finished. Default 86,400,000 (a day). */
  readonly maxForwardAgeMs?: number;
  /** Ms of fruitless undo or forward work after which a saga is shown as parked; it goes on being tried. Default 600,000. */
  readonly parkAfterMs?: number;
  /** Ms; ended sagas are kept this long. Default 604,800,000 (7 days). */
  readonly retentionMs?: number;
  /** Ms; idempotency keys are kept this long after the end. Default 86,400,000 (a day). */
  readonly idempotencyRetentionMs?: number;
  /** Ms between looks for abandoned sagas and due repeats of this journal; 0 only at `recover()`. Default 5,000. */
  readonly recoverEveryMs?: number;
  /** pino or console shape. Default silent. */
  readonly logger?: Logger;
  /** Default: the host's clocks. */
  readonly clock?: Clock;
  /** Default: the operating system's. */
  readonly random?: Random;
  /** Default: an undici pool per node. */
  readonly transport?: Transport;
}

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** `ConnectorOptions` with every default filled in and every range checked. */
export interface ResolvedOptions
  extends Filled<Omit<ConnectorOptions, 'locks' | 'leadership' | 'transport' | 'retry' | 'limits'>> {
  readonly locks: LockProvider | null;
  readonly leadership: { readonly term: bigint; readonly signal: AbortSignal } | null;
  readonly transport: Transport | null;
  readonly retry: Filled<RetryOptions>;
  readonly limits: Filled<LimitOptions>;
}

const DAY_MS = 86_400_000;
const LOOPBACK_LAG_MS = 2_000;
const REMOTE_LAG_MS = 60_000;
const MAX_NODES = 64;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT` naming the option, its value and its limits. */
export function resolveConnectorOptions(o: ConnectorOptions): ResolvedOptions {
  const nodes = checkedNodes(o.nodes);
  return Object.freeze({
    nodes,
    journal: o.journal,
    locks: o.locks ?? null,
    leadership: o.leadership ?? null,
    deadlineMs: inRange('deadlineMs', o.deadlineMs ?? 15_000, 1, DAY_MS),
    maxServerLagMs: inRange('maxServerLagMs', o.maxServerLagMs ?? defaultLagMs(nodes), 0, DAY_MS),
    ownErrorsAreFinal: o.ownErrorsAreFinal ?? true,
    proxyMayResend: o.proxyMayResend ?? false,
    fanOut: o.fanOut ?? 'parallel',
    retry: Object.freeze({
      baseMs: inRange('retry.baseMs', o.retry?.baseMs ?? 50, 1, 60_000),
      capMs: inRange('retry.capMs', o.retry?.capMs ?? 5_000, 1, DAY_MS),
      undoCapMs: inRange('retry.undoCapMs', o.retry?.undoCapMs ?? 30_000, 1, DAY_MS),
      attemptTimeoutMs: inRange('retry.attemptTimeoutMs', o.retry?.attemptTimeoutMs ?? 2_000, 1, DAY_MS),
    }),
    limits: Object.freeze({
      idBytes: inRange('limits.idBytes', o.limits?.idBytes ?? 256, 1, 65_536),
      maxInFlightPerNode: inRange('limits.maxInFlightPerNode', o.limits?.maxInFlightPerNode ?? 64, 1, 4_096),
      replyBytes: inRange('limits.replyBytes', o.limits?.replyBytes ?? 65_536, 256, 2 ** 24),
      maxSagas: inRange('limits.maxSagas', o.limits?.maxSagas ?? 1_024, 1, 2 ** 20),
    }),
    maxForwardAgeMs: inRange('maxForwardAgeMs', o.maxForwardAgeMs ?? DAY_MS, 0, 365 * DAY_MS),
    parkAfterMs: inRange('parkAfterMs', o.parkAfterMs ?? 600_000, 1, 365 * DAY_MS),
    retentionMs: inRange('retentionMs', o.retentionMs ?? 7 * DAY_MS, 0, 3_650 * DAY_MS),
    idempotencyRetentionMs: inRange(
      'idempotencyRetentionMs',
      o.idempotencyRetentionMs ?? DAY_MS,
      0,
      3_650 * DAY_MS,
    ),
    recoverEveryMs: inRange('recoverEveryMs', o.recoverEveryMs ?? 5_000, 0, DAY_MS),
    logger: o.logger ?? silentLogger,
    clock: o.clock ?? systemClock,
    random: o.random ?? systemRandom,
    transport: o.transport ?? null,
  });
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a number from ${least} to ${most}`,
  );
}

function checkedNodes(nodes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(nodes);
  if (entries.length < 1 || entries.length > MAX_NODES)
    throw new ReliableConnectorError(
      'INVALID_ARGUMENT',
      `nodes has ${entries.length} entries; give 1 to ${MAX_NODES}, as { node01: "http://127.0.0.1:8080/v1" }`,
    );
  for (const [name, url] of entries) {
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `node name ${JSON.stringify(name)} is not usable as a header; use 1 to 64 letters, digits, ".", "_" or "-"`,
      );
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new ReliableConnectorError(
        'INVALID_ARGUMENT',
        `the URL of node ${name} is ${JSON.stringify(url)}; give an http or https URL`,
      );
  }
  return Object.freeze(Object.fromEntries(entries.map(([name, url]) => [name, url.replace(/\/+$/, '')])));
}

function defaultLagMs(nodes: Readonly<Record<string, string>>): number {
  const loopback = Object.values(nodes).every((url) =>
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname),
  );
  return loopback ? LOOPBACK_LAG_MS : REMOTE_LAG_MS;
}
