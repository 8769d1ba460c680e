import { CoordinationError } from '../errors.js';
import { onAbort } from '../on-abort.js';
import type { Session } from '../session.js';
import type { Membership, Memberships } from './memberships.js';

/**
 * Joins groups again from which this member was evicted. While the store cannot be reached each is tried again every
 * `pollMs`; joining or leaving the group, or stopping, ends it.
 */
export class Rejoins {
  readonly #session: Session;
  readonly #memberships: Memberships;
  readonly #join: (lost: Membership) => Promise<void>;
  readonly #wanted = new Map<string, Membership>();

  constructor(o: {
    readonly session: Session;
    readonly memberships: Memberships;
    readonly join: (lost: Membership) => Promise<void>;
  }) {
    this.#session = o.session;
    this.#memberships = o.memberships;
    this.#join = o.join;
  }

  /** Begins; the trouble it may have goes to the logger. */
  begin(lost: Membership): void {
    this.#wanted.set(lost.group, lost);
    void this.#try(lost);
  }

  /** The member is no longer wanted in this group. */
  forget(group: string): void {
    this.#wanted.delete(group);
  }

  async #try(lost: Membership): Promise<void> {
    const { group } = lost;
    if (!this.#isWanted(lost)) return;
    try {
      await this.#join(lost);
      this.#forgetIf(lost);
    } catch (error) {
      if (!this.#isWanted(lost)) return;
      const retries = error instanceof CoordinationError && error.retryable;
      this.#session.logger.warn(
        { err: error, group },
        retries ? 'an evicted member could not rejoin yet' : 'an evicted member cannot rejoin; join by hand',
      );
      if (retries) this.#later(lost);
      else this.#forgetIf(lost);
    }
  }

  #later(lost: Membership): void {
    const { clock, options, stopping } = this.#session;
    const cancel = clock.schedule(options.pollMs, () => {
      unlink();
      void this.#try(lost);
    });
    const unlink = onAbort(stopping, cancel);
  }

  #isWanted(lost: Membership): boolean {
    const { group } = lost;
    const isOpen = !this.#session.stopping.aborted && !this.#memberships.get(group);
    return isOpen && this.#wanted.get(group) === lost;
  }

  #forgetIf(lost: Membership): void {
    if (this.#wanted.get(lost.group) === lost) this.#wanted.delete(lost.group);
  }
}
