import type { Driver, Hint } from './driver/index.js';

/** Those who act on hints; each looks for itself, in the store, what is true. */
export interface HintTargets {
  /** A waiter's turn: try again after `afterMs`. */
  turn(token: string, afterMs: number): void;
  /** Something happened to a lease of ours: beat now. */
  holder(token: string): void;
  /** Read this group again. */
  group(group: string): void;
  /** Hints may have been lost: look at everything again. */
  reset(): void;
}

/**
 * The one subscription of a coordinator: which groups it listens to, and who hears. It stands from the first that asks
 * until the coordinator stops. What can still go wrong: a hint can get lost at any time, so nobody relies on one.
 */
export class Push {
  readonly #driver: () => Driver;
  readonly #groups = new Map<string, number>();
  #targets: HintTargets | null = null;
  #standing: Promise<void> | null = null;
  #stands = false;

  constructor(driver: () => Driver) {
    this.#driver = driver;
  }

  /** Where hints go. */
  connect(targets: HintTargets): void {
    this.#targets = targets;
  }

  /** What a driver calls. */
  readonly receive = (hint: Hint): void => {
    const to = this.#targets;
    if (hint.type === 'turn') to?.turn(hint.token, hint.afterMs);
    else if (hint.type === 'holder') to?.holder(hint.token);
    else if (hint.type === 'group') to?.group(hint.group);
    else to?.reset();
  };

  /** Whether hints come already: who asks for something before this is true may miss the first. */
  get stands(): boolean {
    return this.#stands;
  }

  /** Resolves once the subscription stands. A failure is reported by rejecting; the next call tries anew. */
  ensure(): Promise<void> {
    return this.#standing ?? this.#listen();
  }

  /** Listens to a group too; each `watch` needs its `unwatch`. */
  async watch(group: string): Promise<void> {
    const users = this.#groups.get(group) ?? 0;
    this.#groups.set(group, users + 1);
    if (users > 0 && this.#standing) return this.#standing;
    await this.#listen();
  }

  async unwatch(group: string): Promise<void> {
    const users = this.#groups.get(group) ?? 0;
    if (users > 1) return void this.#groups.set(group, users - 1);
    this.#groups.delete(group);
    if (users === 1) await this.#listen();
  }

  async #listen(): Promise<void> {
    const standing = this.#driver().listen(new Set(this.#groups.keys()));
    this.#standing = standing;
    try {
      await standing;
      this.#stands = true;
    } catch (error) {
      if (this.#standing === standing) this.#standing = null;
      throw error;
    }
  }
}
