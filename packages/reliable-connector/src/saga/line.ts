import type { Clock } from '../clock.js';
import type { LockProvider } from '../locks.js';
import type { Logger } from '../logger.js';
import { KeyQueue, type Release, Turnstile } from './turnstile.js';

export interface LineOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sagas at work at once. */
  readonly maxSagas: number;
  readonly locks: LockProvider | null;
  /** The journal's id: keys of different journals are different locks. */
  readonly scope: string;
}

/** What one caller waits for. */
interface Turn {
  readonly key: string | null;
  /** Monotonic ms. */
  readonly deadlineAt: number;
  readonly signal: AbortSignal | undefined;
}

/** What a saga waits for before its journal is asked (4.4 step 1): a place, its key's turn, the lock of other hosts. */
export class Line {
  readonly #options: LineOptions;
  readonly #places: Turnstile;
  readonly #keys: KeyQueue;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#places = new Turnstile(options.clock, options.maxSagas);
    this.#keys = new KeyQueue(options.clock);
  }

  /** Resolves with a release of all that was taken, or null when the time was over or the signal aborted first. */
  async enter(turn: Turn): Promise<Release | null> {
    const held: Release[] = [];
    const release = (): void => {
      for (const one of held.splice(0).reverse()) one();
    };
    for (const next of [this.#place, this.#key, this.#elsewhere]) {
      const left = Math.max(0, turn.deadlineAt - this.#options.clock.monotonic());
      const taken = await next(turn, left);
      if (!taken) {
        release();
        return null;
      }
      held.push(taken);
    }
    return release;
  }

  readonly #place = (turn: Turn, leftMs: number): Release | Promise<Release | null> =>
    this.#places.enter(leftMs, turn.signal);

  readonly #key = ({ key, signal }: Turn, leftMs: number): Release | Promise<Release | null> =>
    key === null ? nothing : this.#keys.enter(key, leftMs, signal);

  readonly #elsewhere = ({ key, signal }: Turn, timeoutMs: number): Release | Promise<Release | null> => {
    const { locks, scope } = this.#options;
    if (!locks || key === null) return nothing;
    return this.#lock(locks, `holdfast:${scope}:${key}`, signal ? { timeoutMs, signal } : { timeoutMs });
  };

  async #lock(
    locks: LockProvider,
    name: string,
    o: Parameters<LockProvider['acquire']>[1],
  ): Promise<Release | null> {
    const { logger } = this.#options;
    try {
      const release = await locks.acquire(name, o);
      return (
        release &&
        (() => void release().catch((err: unknown) => logger.warn({ err, name }, 'lock release failed')))
      );
    } catch (err) {
      logger.warn({ err, name }, 'the lock provider failed: the operation counts as busy');
      return null;
    }
  }
}

const nothing = (): void => {};
