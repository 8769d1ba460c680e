import type { Membership } from '../embedded/rows.js';
import type { GroupTable, MemberTable, NewMembership } from '../embedded/tables.js';

/** Groups and members of one namespace. */
export class MemoryMembers implements MemberTable {
  readonly #groups = new Map<string, Map<string, NewMembership>>();
  readonly #beats = new Map<string, number>();
  /** In how many groups a client is; none for whoever is in none. */
  readonly #joined = new Map<string, number>();

  readonly groups: GroupTable = {
    has: (group) => this.#groups.has(group),
    add: (group) => void this.#groups.set(group, new Map()),
    remove: (group) => void this.#groups.delete(group),
    all: () => [...this.#groups.keys()],
  };

  get(group: string, member: string): Membership | undefined {
    const entry = this.#groups.get(group)?.get(member);
    return entry && { id: member, ...entry, beatUntil: this.#beatOf(entry) };
  }

  of(group: string, withCapabilities: boolean): Membership[] {
    return Array.from(this.#groups.get(group) ?? [], ([id, entry]) => ({
      id,
      ...entry,
      capabilities: withCapabilities ? entry.capabilities : null,
      beatUntil: this.#beatOf(entry),
    }));
  }

  put(group: string, member: string, entry: NewMembership): void {
    this.remove(group, member);
    // A copy: the caller may go on writing into its buffer.
    this.#groups.get(group)?.set(member, { ...entry, capabilities: Uint8Array.from(entry.capabilities) });
    this.#count(entry.client, 1);
  }

  update(group: string, member: string, capabilities: Uint8Array): void {
    const members = this.#groups.get(group);
    const entry = members?.get(member);
    if (entry !== undefined) members?.set(member, { ...entry, capabilities: Uint8Array.from(capabilities) });
  }

  remove(group: string, member: string): void {
    const members = this.#groups.get(group);
    const entry = members?.get(member);
    if (entry === undefined) return;
    members?.delete(member);
    this.#count(entry.client, -1);
  }

  beat(client: string, until: number): void {
    if (this.#joined.has(client)) this.#beats.set(client, until);
  }

  dropBeat(client: string): void {
    this.#beats.delete(client);
  }

  dropIdleBeat(client: string): void {
    if (!this.#joined.has(client)) this.#beats.delete(client);
  }

  #beatOf({ client }: NewMembership): number {
    return this.#beats.get(client) ?? -Infinity;
  }

  #count(client: string, change: 1 | -1): void {
    const count = (this.#joined.get(client) ?? 0) + change;
    if (count === 0) this.#joined.delete(client);
    else this.#joined.set(client, count);
  }
}
