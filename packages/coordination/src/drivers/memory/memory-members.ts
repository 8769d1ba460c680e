import type { Membership } from '../embedded/rows.js';
import type { GroupTable, MemberTable } from '../embedded/tables.js';

interface Entry {
  readonly incarnation: number;
  readonly capabilities: Uint8Array;
}

/** Groups and members of one namespace. */
export class MemoryMembers implements MemberTable {
  readonly #groups = new Map<string, Map<string, Entry>>();
  readonly #beats = new Map<string, number>();
  /** In how many groups a member is; none for whoever is in none. */
  readonly #joined = new Map<string, number>();

  readonly groups: GroupTable = {
    has: (group) => this.#groups.has(group),
    add: (group) => void this.#groups.set(group, new Map()),
    remove: (group) => void this.#groups.delete(group),
    all: () => [...this.#groups.keys()],
  };

  get(group: string, member: string): Membership | undefined {
    const entry = this.#groups.get(group)?.get(member);
    return entry && { id: member, ...entry, beatUntil: this.#beatOf(member) };
  }

  of(group: string, withCapabilities: boolean): Membership[] {
    return Array.from(this.#groups.get(group) ?? [], ([id, { incarnation, capabilities }]) => ({
      id,
      incarnation,
      capabilities: withCapabilities ? capabilities : null,
      beatUntil: this.#beatOf(id),
    }));
  }

  put(group: string, member: string, entry: Entry): void {
    const members = this.#groups.get(group);
    if (members === undefined) return;
    if (!members.has(member)) this.#count(member, 1);
    // A copy: the caller may go on writing into its buffer.
    members.set(member, { ...entry, capabilities: Uint8Array.from(entry.capabilities) });
  }

  update(group: string, member: string, capabilities: Uint8Array): boolean {
    const entry = this.#groups.get(group)?.get(member);
    if (entry === undefined) return false;
    this.put(group, member, { ...entry, capabilities });
    return true;
  }

  remove(group: string, member: string): boolean {
    const gone = this.#groups.get(group)?.delete(member) ?? false;
    if (gone) this.#count(member, -1);
    return gone;
  }

  beat(member: string, until: number): void {
    if (this.#joined.has(member)) this.#beats.set(member, until);
  }

  dropBeat(member: string): void {
    this.#beats.delete(member);
  }

  dropIdleBeat(member: string): void {
    if (!this.#joined.has(member)) this.#beats.delete(member);
  }

  #beatOf(member: string): number {
    return this.#beats.get(member) ?? -Infinity;
  }

  #count(member: string, change: 1 | -1): void {
    const count = (this.#joined.get(member) ?? 0) + change;
    if (count === 0) this.#joined.delete(member);
    else this.#joined.set(member, count);
  }
}
