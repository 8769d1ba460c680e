import { type Clock, sleep } from '../clock.js';
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
interface Ticket {
  readonly key: string | null;
  /** Monotonic ms. */
  readonly deadlineAt: number;
  readonly signal: AbortSignal | undefined;
}

/** What one saga holds. */
export interface Turn {
  /** Gives everything back. */
  readonly leave: Release;
  /** Gives only the place back: others may work while this saga keeps its key. */
  readonly leavePlace: Release;
}

/**
 * What a saga waits for before its journal is asked (4.4 step 1): its key's turn, a place, the lock of other hosts. The
 * key comes first, so that callers of one stuck id take no place from others (L4).
 */
export class Line {
  readonly #options: LineOptions;
  readonly #places: Turnstile;
  readonly #keys: KeyQueue;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#places = new Turnstile(options.clock, options.maxSagas);
    this.#keys = new KeyQueue(options.clock);
  }

  /** null: the time was over or the signal aborted first. */
  async enter({ key, deadlineAt, signal }: Ticket): Promise<Turn | null> {
    const left = (): number => Math.max(0, deadlineAt - this.#options.clock.monotonic());
    const queueing = key === null ? nothing : this.#keys.enter(key, left(), signal);
    const leaveKey = queueing instanceof Promise ? await queueing : queueing;
    if (!leaveKey) return null;
    const entering = this.#places.enter(left(), signal);
    const leavePlace = entering instanceof Promise ? await entering : entering;
    if (!leavePlace) {
      leaveKey();
      return null;
    }
    const { locks } = this.#options;
    const unlock = locks && key !== null ? await this.#lock(locks, key, left(), signal) : nothing;
    const leave = (): void => {
      unlock?.();
      leavePlace();
      leaveKey();
    };
    if (unlock) return { leave, leavePlace };
    leave();
    return null;
  }

  /** Bounded by the deadline even if the provider is not; a lock that comes too late is released. */
  async #lock(
    locks: LockProvider,
    key: string,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Release | null> {
    const { clock, logger, scope } = this.#options;
    const name = `holdfast:${scope}:${key}`;
    const warn = (err: unknown): null => {
      logger.warn({ err, name }, 'the lock provider failed: the operation counts as busy');
      return null;
    };
    const kept = (err: unknown): void =>
      logger.warn({ err, name }, 'the release of a lock failed: others wait until the provider gives it up');
    const enough = new AbortController();
    let late = false;
    const acquiring = Promise.resolve()
      .then(async () => {
        const lock = locks.getLock(name);
        const acquired = await lock.acquire(signal ? { timeoutMs, signal } : { timeoutMs });
        return acquired ? (): void => void lock.release().catch(kept) : null;
      })
      .catch(warn);
    const taken = await Promise.race([
      acquiring,
      sleep(clock, timeoutMs, enough.signal).then(() => {
        late = true;
        return null;
      }),
    ]);
    enough.abort();
    if (late && !taken) void acquiring.then((release) => release?.());
    return taken;
  }
}

const nothing = (): void => {};
