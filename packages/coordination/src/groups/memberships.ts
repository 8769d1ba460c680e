/** A group that this coordinator has joined and not left. */
export interface Membership {
  readonly group: string;
  readonly incarnation: number;
  readonly capabilities: Uint8Array;
}

/**
 * What the coordinator believes it is a member of. Somebody else may have removed it meanwhile: the next beat, watcher
 * run or observation finds out. Also what it cannot know: joins and leaves that were sent and never answered.
 */
export class Memberships {
  readonly #joined = new Map<string, Membership>();
  /** Groups that a leave is under way from, or may have been. */
  readonly #leaving = new Map<string, 'asked' | 'unanswered'>();
  /** Joins under way, one after the other for each group: settles with the latest. */
  readonly #joining = new Map<string, Promise<unknown>>();
  /** Capabilities of the joins whose answers got lost. */
  readonly #unanswered = new Map<string, readonly Uint8Array[]>();
  readonly #onEvicted: (lost: Membership) => void;

  constructor(onEvicted: (lost: Membership) => void) {
    this.#onEvicted = onEvicted;
  }

  get groups(): ReadonlySet<string> {
    return new Set(this.#joined.keys());
  }

  /** In the order of joining; what a beat asks about. */
  list(): readonly Membership[] {
    return [...this.#joined.values()];
  }

  get(group: string): Membership | undefined {
    return this.#joined.get(group);
  }

  /** Groups that the store may know this member in, whether it is believed to be joined or not. */
  possible(): readonly string[] {
    return [...new Set([...this.#joined.keys(), ...this.#joining.keys(), ...this.#unanswered.keys()])];
  }

  /**
   * Runs one join of a group at a time: what another one comes to, which the store may have carried out already, has to
   * be known before its refusal can be understood.
   */
  async joining<T>(group: string, join: () => Promise<T>): Promise<T> {
    const turn = this.#joining.get(group)?.then(join) ?? join();
    const settled = turn.catch(() => {});
    this.#joining.set(group, settled);
    try {
      return await turn;
    } finally {
      if (this.#joining.get(group) === settled) this.#joining.delete(group);
    }
  }

  /** The answer of a join got lost: it may have happened. */
  joinUnanswered(group: string, capabilities: Uint8Array): void {
    this.#unanswered.set(group, [...this.unansweredJoins(group), capabilities]);
  }

  /** Capabilities of the joins whose answers got lost since the last one that was answered. */
  unansweredJoins(group: string): readonly Uint8Array[] {
    return this.#unanswered.get(group) ?? [];
  }

  joined(membership: Membership): void {
    this.#unanswered.delete(membership.group);
    this.#leaving.delete(membership.group);
    this.#joined.set(membership.group, membership);
  }

  /** The store has refused the join. */
  refused(group: string): void {
    this.#unanswered.delete(group);
  }

  updated(group: string, capabilities: Uint8Array): void {
    const membership = this.#joined.get(group);
    if (membership) this.#joined.set(group, { ...membership, capabilities });
  }

  /** A leave is sent: from now on nobody is to call its effect an eviction. */
  leaving(group: string): void {
    if (this.#joined.has(group) && !this.#leaving.has(group)) this.#leaving.set(group, 'asked');
  }

  /** The answer of a leave got lost: it may have happened. */
  leaveUnanswered(group: string): void {
    if (this.#leaving.has(group)) this.#leaving.set(group, 'unanswered');
  }

  /** Whether an earlier leave may have happened already. */
  mayHaveLeft(group: string): boolean {
    return this.#leaving.get(group) === 'unanswered';
  }

  left(group: string): void {
    this.#unanswered.delete(group);
    this.#leaving.delete(group);
    this.#joined.delete(group);
  }

  /**
   * The store no longer has this membership; one that was left or joined anew since it was looked at does not count, nor
   * does one that is being left.
   */
  evicted(seen: Membership): void {
    const { group } = seen;
    if (this.#joined.get(group)?.incarnation !== seen.incarnation) return;
    const leaves = this.#leaving.delete(group);
    this.#joined.delete(group);
    if (!leaves) this.#onEvicted(seen);
  }
}
