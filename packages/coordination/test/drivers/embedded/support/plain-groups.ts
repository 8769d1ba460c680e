import { TTL_MS } from './client.js';

interface Member {
  readonly incarnation: number;
  capabilities: string;
}

/** Groups as the contract has them, in maps: what a driver has to answer. */
export class PlainGroups {
  readonly #groups = new Map<string, Map<string, Member>>();
  readonly #beats = new Map<string, number>();

  create(group: string): 'created' | 'exists' {
    if (this.#groups.has(group)) return 'exists';
    this.#groups.set(group, new Map());
    return 'created';
  }

  delete(group: string, now: number): 'deleted' | 'no-group' | 'not-empty' {
    const members = this.#groups.get(group);
    if (members === undefined) return 'no-group';
    this.#reap(members, now);
    if (members.size > 0) return 'not-empty';
    this.#groups.delete(group);
    return 'deleted';
  }

  join(o: {
    group: string;
    member: string;
    capabilities: string;
    create: boolean;
    now: number;
    next: () => number;
  }) {
    if (o.create) this.create(o.group);
    const members = this.#groups.get(o.group);
    if (members === undefined) return { status: 'no-group' };
    if (members.has(o.member) && this.#isAlive(o.member, o.now)) return { status: 'already-joined' };
    const incarnation = o.next();
    members.set(o.member, { incarnation, capabilities: o.capabilities });
    this.#beats.set(o.member, o.now + TTL_MS);
    return { status: 'joined', incarnation };
  }

  leave(groups: readonly string[], member: string, final: boolean) {
    const replies = groups.map((group) => {
      const members = this.#groups.get(group);
      if (members === undefined) return 'no-group';
      return members.delete(member) ? 'left' : 'not-joined';
    });
    if (final) this.#beats.delete(member);
    return replies;
  }

  update(group: string, member: string, capabilities: string): 'updated' | 'no-group' | 'not-joined' {
    const members = this.#groups.get(group);
    if (members === undefined) return 'no-group';
    const entry = members.get(member);
    if (entry === undefined) return 'not-joined';
    entry.capabilities = capabilities;
    return 'updated';
  }

  beat(member: string, groups: readonly string[], now: number): ('joined' | 'evicted')[] {
    this.#beats.set(member, now + TTL_MS);
    return groups.map((group) => (this.#groups.get(group)?.has(member) ? 'joined' : 'evicted'));
  }

  read(group: string, self: string, now: number) {
    const members = this.#groups.get(group);
    if (members === undefined) return null;
    this.#reap(members, now, self);
    return Array.from(members, ([id, member]) => ({ id, ...member })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  list(): string[] {
    return [...this.#groups.keys()].sort();
  }

  #isAlive(member: string, now: number): boolean {
    return (this.#beats.get(member) ?? -Infinity) > now;
  }

  #reap(members: Map<string, Member>, now: number, self?: string): void {
    for (const id of members.keys()) if (id !== self && !this.#isAlive(id, now)) members.delete(id);
  }
}
