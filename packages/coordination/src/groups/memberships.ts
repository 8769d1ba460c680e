/** A group that this coordinator has joined and not left. */
export interface Membership {
  readonly group: string;
  readonly incarnation: number;
  readonly capabilities: Uint8Array;
}

/**
 * What the coordinator believes it is a member of. Somebody else may have removed it meanwhile: the next beat or watcher
 * run finds out.
 */
export class Memberships {
  readonly #joined = new Map<string, Membership>();
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

  joined(membership: Membership): void {
    this.#joined.set(membership.group, membership);
  }

  updated(group: string, capabilities: Uint8Array): void {
    const membership = this.#joined.get(group);
    if (membership) this.#joined.set(group, { ...membership, capabilities });
  }

  left(group: string): void {
    this.#joined.delete(group);
  }

  /** The store no longer has this membership; one that was left or joined anew since it was looked at does not count. */
  evicted(seen: Membership): void {
    if (this.#joined.get(seen.group)?.incarnation !== seen.incarnation) return;
    this.#joined.delete(seen.group);
    this.#onEvicted(seen);
  }
}
