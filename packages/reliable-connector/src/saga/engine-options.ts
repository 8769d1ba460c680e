import { type Clock, systemClock } from '../clock.js';
import { inRange, oneOf, wholeInRange } from '../in-range.js';
import type { LockProvider } from '../locks.js';
import { type Logger, silentLogger } from '../logger.js';
import { type Random, systemRandom } from '../random.js';

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

/** What running sagas needs, whatever they do. */
export interface EngineOptions {
  /** Exclusion of other hosts. Default none. */
  readonly locks?: LockProvider;
  /** Ms over everything that a caller waits for. Default 15,000. */
  readonly deadlineMs?: number;
  /** Q (4.2), ms: how long after its sending a request may still take effect. Default 60,000. */
  readonly maxServerLagMs?: number;
  /** Something between may send a request twice (4.2): then every sent attempt may be alive. Default false. */
  readonly proxyMayResend?: boolean;
  /** Steps are called in parallel or one after the other. Default `parallel`. */
  readonly fanOut?: 'parallel' | 'sequential';
  readonly retry?: RetryOptions;
  /** Sagas at work in this process at once; more wait, up to their deadline. Default 1,024. */
  readonly maxSagas?: number;
  /** Ms; a saga found unfinished by recovery that is older is undone, not finished. Default 86,400,000 (a day). */
  readonly maxForwardAgeMs?: number;
  /** Ms of fruitless undo or forward work after which a saga is shown as parked; it goes on being tried. Default 600,000. */
  readonly parkAfterMs?: number;
  /** Ms; ended sagas are kept this long. Default 604,800,000 (7 days). */
  readonly retentionMs?: number;
  /** Ms; idempotency keys are kept this long after the end. Default 86,400,000 (a day). */
  readonly idempotencyRetentionMs?: number;
  /** Ms between looks for abandoned sagas and due repeats of this journal; 0: only at `recover()`. Default 5,000. */
  readonly recoverEveryMs?: number;
  /** pino or console shape. Default silent. */
  readonly logger?: Logger;
  /** Default: the host's clocks. */
  readonly clock?: Clock;
  /** Default: the operating system's. */
  readonly random?: Random;
}

/** An options type with nothing left open. */
export type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** `EngineOptions` with every default filled in and every range checked. */
export interface ResolvedEngineOptions extends Filled<Omit<EngineOptions, 'locks' | 'retry'>> {
  readonly locks: LockProvider | null;
  readonly retry: Filled<RetryOptions>;
}

const DAY_MS = 86_400_000;
const DEFAULT_LAG_MS = 60_000;

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT` naming the option, its value and its limits. */
export function resolveEngineOptions(o: EngineOptions): ResolvedEngineOptions {
  return Object.freeze({
    locks: o.locks ?? null,
    deadlineMs: inRange('deadlineMs', o.deadlineMs ?? 15_000, 1, DAY_MS),
    maxServerLagMs: inRange('maxServerLagMs', o.maxServerLagMs ?? DEFAULT_LAG_MS, 0, DAY_MS),
    proxyMayResend: o.proxyMayResend ?? false,
    fanOut: oneOf('fanOut', o.fanOut ?? 'parallel', ['parallel', 'sequential']),
    retry: Object.freeze({
      baseMs: inRange('retry.baseMs', o.retry?.baseMs ?? 50, 1, 60_000),
      capMs: inRange('retry.capMs', o.retry?.capMs ?? 5_000, 1, DAY_MS),
      undoCapMs: inRange('retry.undoCapMs', o.retry?.undoCapMs ?? 30_000, 1, DAY_MS),
      attemptTimeoutMs: inRange('retry.attemptTimeoutMs', o.retry?.attemptTimeoutMs ?? 2_000, 1, DAY_MS),
    }),
    maxSagas: wholeInRange('maxSagas', o.maxSagas ?? 1_024, 1, 2 ** 20),
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
  });
}
