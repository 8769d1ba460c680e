import { expect } from 'vitest';
import type { LockKey } from '../../../../src/driver/index.js';
import { type Client, LOCK, leaderOf } from './client.js';
import { PlainGroups } from './plain-groups.js';
import { PlainLock } from './plain-lock.js';
import type { World } from './worlds.js';

export const CLIENTS: readonly string[] = ['a', 'b', 'c'];
export const GROUPS: readonly string[] = ['g', 'h'];
/** Of each client and lock: one that is always exclusive and one that is always shared. */
export const MODES = ['exclusive', 'shared'] as const;
export const LOCKS: readonly LockKey[] = [LOCK, leaderOf('g')];

/** A place where a client acquires: its token is its own. */
export interface Slot {
  readonly client: number;
  readonly lock: number;
  readonly mode: number;
}

/** A driver and the plain model beside it: each call goes to both, and what they say must be equal. */
export class Pair {
  readonly #world: World;
  readonly #clients: readonly Client[];
  readonly #locks = LOCKS.map(() => new PlainLock());
  readonly #groups = new PlainGroups();
  /** When each waiter was last told to come back, as its coordinator would: the latest word counts. */
  readonly #told = new Map<string, number>();
  #counter = 0;

  constructor(world: World, clients: readonly Client[]) {
    this.#world = world;
    this.#clients = clients;
  }

  async acquire(slot: Slot, wait: boolean): Promise<void> {
    const { client, lock, plain, token, number, mode } = this.#at(slot);
    const reply = await client.acquire(number, { lock, mode, wait });
    const now = this.#now;
    expect(reply).toEqual(plain.acquire({ token, mode, wait, now, nextFence: this.#next }));
    if (reply.status === 'queued' && reply.retryAfterMs !== null)
      this.#told.set(token, now + reply.retryAfterMs);
    await this.#afterStep([slot.lock]);
  }

  async release(slot: Slot): Promise<void> {
    const { client, lock, plain, token, number } = this.#at(slot);
    expect(await client.release(number, lock)).toBe(plain.release(token, this.#now));
    await this.#afterStep([slot.lock]);
  }

  async revoke(lock: number, how: 'break' | 'ask'): Promise<void> {
    const { plain, client, lock: key } = this.#at({ client: 0, lock, mode: 0 });
    expect(await client.driver.revoke(key, how)).toBe(plain.revoke(how, this.#now));
    await this.#afterStep([lock]);
  }

  /** Renews all that the client might have; the driver has to know what it has. */
  async beat(clientAt: number): Promise<void> {
    const slots = LOCKS.flatMap((_, lock) =>
      MODES.map((__, mode) => this.#at({ client: clientAt, lock, mode })),
    );
    const refs = slots.map(({ client, number, lock }) => client.ref(number, lock));
    const member = CLIENTS[clientAt] ?? '';
    const reply = await this.#client(clientAt).beat({ groups: GROUPS, leases: refs, waiters: refs });
    const now = this.#now;
    expect(reply).toEqual({
      groups: this.#groups.beat(member, GROUPS, now),
      leases: slots.map(({ plain, token }) => plain.renew(token, now)),
      waiters: slots.map(({ plain, token }) => plain.keep(token, now)),
    });
    for (const [i, place] of reply.waiters.entries())
      if (place.place === 'head') this.#told.set(slots[i]?.token ?? '', now + place.retryAfterMs);
    await this.#afterStep(LOCKS.keys());
  }

  async createGroup(group: string): Promise<void> {
    expect(await this.#client(0).driver.createGroup(group)).toBe(this.#groups.create(group));
  }

  async deleteGroup(group: string): Promise<void> {
    expect(await this.#client(0).driver.deleteGroup(group)).toBe(this.#groups.delete(group, this.#now));
  }

  async join(at: number, o: { group: string; create: boolean; capabilities: string }): Promise<void> {
    const member = CLIENTS[at] ?? '';
    const capabilities = Buffer.from(o.capabilities);
    expect(await this.#client(at).driver.join({ ...o, member, capabilities })).toEqual(
      this.#groups.join({ ...o, member, now: this.#now, next: this.#next }),
    );
  }

  async leave(at: number, groups: readonly string[], final: boolean): Promise<void> {
    const member = CLIENTS[at] ?? '';
    expect(await this.#client(at).driver.leave({ groups, member, final })).toEqual(
      this.#groups.leave(groups, member, final),
    );
  }

  async update(at: number, group: string, capabilities: string): Promise<void> {
    const member = CLIENTS[at] ?? '';
    expect(await this.#client(at).driver.updateCapabilities(group, member, Buffer.from(capabilities))).toBe(
      this.#groups.update(group, member, capabilities),
    );
  }

  async read(at: number, group: string): Promise<void> {
    const self = CLIENTS[at] ?? '';
    const { driver } = this.#client(at);
    const [reading] = await driver.readGroups({ groups: [group], capabilities: true, self });
    const members = reading?.members.map((member) => ({
      ...member,
      capabilities: Buffer.from(member.capabilities ?? []).toString(),
    }));
    members?.sort((one, other) => (one.id < other.id ? -1 : 1));
    expect(members ?? null).toEqual(this.#groups.read(group, self, this.#now));
    expect((await driver.listGroups()).sort()).toEqual(this.#groups.list());
  }

  pass(ms: number): void {
    this.#world.clock.advance(ms);
  }

  jump(ms: number): void {
    this.#world.clock.jumpWall(ms);
  }

  /** The locks look as the model's do, nobody who has to come was left untold, and nobody else was woken. */
  async #afterStep(locks: Iterable<number>): Promise<void> {
    const woken = await this.#hearHints();
    const due = Array.from(locks, (lock) => this.#locks[lock]?.due(this.#now) ?? []).flat();
    for (const { token, at } of due) expect(this.#told.get(token), token).toBeLessThanOrEqual(at);
    expect(due.map(({ token }) => token)).toEqual(expect.arrayContaining(woken));
    for (const [i, key] of LOCKS.entries()) {
      const reading = await this.#client(0).driver.inspect(key);
      const holders = reading.holders.toSorted((one, other) =>
        Number((one.fence ?? 0n) - (other.fence ?? 0n)),
      );
      expect({ ...reading, holders }).toEqual(this.#locks[i]?.seen(this.#now));
    }
  }

  async #hearHints(): Promise<string[]> {
    const woken: string[] = [];
    for (const client of this.#clients)
      for (const hint of await client.hints()) {
        if (hint.type !== 'turn') continue;
        woken.push(hint.token);
        this.#told.set(hint.token, this.#now + hint.afterMs);
      }
    return woken;
  }

  #at(slot: Slot) {
    const client = this.#client(slot.client);
    const number = slot.lock * 10 + slot.mode;
    const lock = LOCKS[slot.lock] ?? LOCK;
    const plain = this.#locks[slot.lock] ?? new PlainLock();
    return {
      client,
      number,
      lock,
      plain,
      token: client.token(number),
      mode: MODES[slot.mode] ?? 'exclusive',
    };
  }

  #client(at: number): Client {
    const client = this.#clients[at];
    if (client === undefined) throw new Error(`there is no client ${at}`);
    return client;
  }

  get #now(): number {
    return this.#world.clock.monotonic();
  }

  readonly #next = (): number => {
    this.#counter = Math.max(this.#counter + 1, Math.floor(this.#world.clock.now() * 1_000));
    return this.#counter;
  };
}
