import type { LeaseRef } from '../driver/index.js';
import type { Session } from '../session.js';

/** How long a caller that gave up waits for the word that nothing stayed behind, ms. */
const GIVE_UP_MS = 250;

/**
 * Acquisitions that their callers gave up while nobody knew whether the store had granted them. Each is released as often
 * as it takes, at most for its time to live: then it is gone by itself.
 */
export class Abandoned {
  readonly #session: Session;
  readonly #pending = new Map<string, { readonly ref: LeaseRef; readonly until: number }>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes back what `ref` may have got: a place in the queue, or the lock. Resolves soon, whatever happens. */
  async giveUp(ref: LeaseRef): Promise<void> {
    const { clock, options } = this.#session;
    this.#forgetOver();
    this.#pending.set(ref.token, { ref, until: clock.monotonic() + options.lockTtlMs });
    const { promise, cancel } = pause(clock, GIVE_UP_MS);
    await Promise.race([this.#release(ref), promise]);
    cancel();
  }

  /** Tries all again: the store can be reached. */
  retry(): void {
    this.#forgetOver();
    for (const { ref } of this.#pending.values()) void this.#release(ref);
  }

  /** They are in the order of their ends. */
  #forgetOver(): void {
    const now = this.#session.clock.monotonic();
    for (const [token, { until }] of this.#pending) {
      if (until > now) return;
      this.#pending.delete(token);
    }
  }

  async #release(ref: LeaseRef): Promise<void> {
    try {
      await this.#session.driver.release(ref);
      this.#pending.delete(ref.token);
    } catch (error) {
      this.#session.logger.debug(
        { lock: ref.lock.id, err: error },
        'an abandoned acquisition is not released yet',
      );
    }
  }
}

function pause(clock: Session['clock'], ms: number): { promise: Promise<void>; cancel: () => void } {
  let cancel = (): void => {};
  const promise = new Promise<void>((resolve) => {
    cancel = clock.schedule(ms, resolve);
  });
  return { promise, cancel };
}
