import { beforeEach, describe, expect, test } from 'vitest';
import { CLAIM_MS, type Client, LOCK, leaderOf, TTL_MS, WAITER_TTL_MS } from './support/client.js';
import { WORLDS, type World } from './support/worlds.js';

const SHARED = { mode: 'shared' } as const;
const TRY = { wait: false } as const;
const QUEUED = { status: 'queued', retryAfterMs: null };
const REFUSED = { status: 'refused' };

/** Each test names the rule of the lock's model that it shows; without the rule it fails. */
describe.each(WORLDS)('locks on %s', (_, make) => {
  let world: World;
  let a: Client;
  let b: Client;
  let c: Client;

  beforeEach(async () => {
    world = await make();
    a = await world.client('a');
    b = await world.client('b');
    c = await world.client('c');
  });

  const head = (ms: number) => ({ status: 'queued', retryAfterMs: ms });
  const waiters = async () => (await a.driver.inspect(LOCK)).waiters.map(({ memberId }) => memberId);
  const holders = async () => (await a.driver.inspect(LOCK)).holders.map(({ memberId }) => memberId);

  test('ownToken: a request that was granted is granted again, by the same fence', async () => {
    const fence = await a.granted(1);
    expect(await a.acquire(1)).toEqual({ status: 'granted', fence });
    expect(await a.acquire(1, TRY)).toEqual({ status: 'granted', fence });
    const shared = await b.granted(1, { ...SHARED, lock: leaderOf('g') });
    expect(await b.acquire(1, { ...SHARED, lock: leaderOf('g') })).toEqual({
      status: 'granted',
      fence: shared,
    });
  });

  test.each(['exclusive', 'shared'] as const)(
    'ownRefreshes: being granted again is a full lease (%s)',
    async (mode) => {
      await a.granted(1, { mode });
      world.clock.advance(TTL_MS - 1);
      await a.granted(1, { mode });
      world.clock.advance(TTL_MS - 1);
      expect(await b.acquire(1, TRY)).toEqual(REFUSED);
      world.clock.advance(1);
      expect(await b.acquire(1, TRY)).toMatchObject({ status: 'granted' });
    },
  );

  test('renewOnlyOwn: a lease that ended is lost, and its renewal makes no new one', async () => {
    await a.granted(1);
    world.clock.advance(TTL_MS);
    expect(await a.beat({ leases: [a.ref(1)] })).toMatchObject({ leases: ['lost'] });
    expect(await a.driver.inspect(LOCK)).toEqual({ mode: null, holders: [], waiters: [] });
    expect(await a.beat({ leases: [a.ref(2)] })).toMatchObject({ leases: ['lost'] });
    await b.granted(1);
    expect(await a.beat({ leases: [a.ref(1)] })).toMatchObject({ leases: ['lost'] });
    expect(await holders()).toEqual(['b']);
  });

  test('a renewal in time gives the full lease', async () => {
    await a.granted(1);
    world.clock.advance(TTL_MS - 1);
    expect(await a.beat({ leases: [a.ref(1)] })).toMatchObject({ leases: ['renewed'] });
    world.clock.advance(TTL_MS - 1);
    expect(await b.acquire(1, TRY)).toEqual(REFUSED);
  });

  test('compareOnRelease: nobody releases another’s lock, also after a break', async () => {
    await a.granted(1);
    expect(await b.release(1)).toBe(false);
    expect(await b.driver.revoke(LOCK, 'break')).toBe(true);
    await b.granted(2);
    expect(await a.release(1)).toBe(false);
    expect(await c.acquire(1, TRY)).toEqual(REFUSED);
    expect(await b.release(2)).toBe(true);
    expect(await b.release(2)).toBe(false);
  });

  test('dropStale: after a break the readers of before hold nothing', async () => {
    await a.granted(1, SHARED);
    await b.granted(1, SHARED);
    await c.driver.revoke(LOCK, 'break');
    await c.granted(1, SHARED);
    expect(await holders()).toEqual(['c']);
    expect(await a.release(1)).toBe(false);
    expect(await c.release(1)).toBe(true);
    await a.granted(2);
  });

  test('readersKeepPx: a writer waits for the reader that lasts longest', async () => {
    await a.granted(1, { ...SHARED, ttlMs: 1_000 });
    await b.granted(1, { ...SHARED, ttlMs: 2_500 });
    expect(await c.acquire(1)).toEqual(head(2_500));
    world.clock.advance(1_000);
    expect(await holders()).toEqual(['b']);
    expect(await c.acquire(1)).toEqual(head(1_500));
  });

  test('a writer hears it when the reader that would have lasted longest is gone', async () => {
    await a.granted(1, { ...SHARED, ttlMs: 1_000 });
    await b.granted(1, { ...SHARED, ttlMs: 2_500 });
    await c.acquire(1);
    await b.release(1);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: 1_000 }]);
  });

  test('readersWaitTurn: a reader does not pass a writer that waits', async () => {
    await a.granted(1, SHARED);
    expect(await b.acquire(1)).toEqual(head(TTL_MS));
    expect(await c.acquire(1, SHARED)).toEqual(QUEUED);
    expect(await c.acquire(2, { ...SHARED, ...TRY })).toEqual(REFUSED);
    await a.release(1);
    await b.granted(1);
    expect(await holders()).toEqual(['b']);
    await b.release(1);
    await c.granted(1, SHARED);
  });

  test('tryWaitsTurn: a try is refused while somebody waits for a free lock', async () => {
    await a.granted(1);
    await b.acquire(1);
    await a.release(1);
    expect(await c.acquire(1, TRY)).toEqual(REFUSED);
    expect(await waiters()).toEqual(['b']);
  });

  test('noHandOver: a release owns nothing to the head, which has to come for it', async () => {
    await a.granted(1);
    await b.acquire(1);
    await b.hints();
    await a.release(1);
    expect(await a.driver.inspect(LOCK)).toMatchObject({ mode: null, waiters: [{ memberId: 'b' }] });
    expect(await b.hints()).toEqual([{ type: 'turn', token: 'b.1', afterMs: 0 }]);
    await b.granted(1);
    expect(await waiters()).toEqual([]);
  });

  test('first in, first out; a grant costs each waiter one hint', async () => {
    await a.granted(1);
    const clients = [b, c, a, b, c];
    for (const [i, client] of clients.entries()) await client.acquire(10 + i);
    for (const client of [a, b, c]) await client.hints();
    let holder = { client: a, number: 1 };
    for (const [i, client] of clients.entries()) {
      await holder.client.release(holder.number);
      expect(await client.hints()).toContainEqual({ type: 'turn', token: client.token(10 + i), afterMs: 0 });
      for (const [k, later] of clients.entries())
        if (k > i) expect(await later.acquire(10 + k, TRY)).toEqual(REFUSED);
      await client.granted(10 + i);
      for (const every of [a, b, c]) await every.hints();
      holder = { client, number: 10 + i };
    }
    expect(await waiters()).toEqual([]);
  });

  test('headPolls: the head is told when the holder’s lease ends, and gets the lock then', async () => {
    await a.granted(1);
    world.clock.advance(1_000);
    expect(await b.acquire(1)).toEqual(head(2_000));
    world.clock.advance(1_500);
    expect(await b.acquire(1)).toEqual(head(500));
    world.clock.advance(500);
    await b.granted(1);
  });

  test('a grant tells the new head when to look', async () => {
    await a.granted(1);
    await b.acquire(1);
    await c.acquire(1);
    await a.release(1);
    await c.hints();
    await b.granted(1);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: TTL_MS }]);
  });

  test('a grant to a reader wakes the reader behind it, and no writer', async () => {
    await a.granted(1);
    await b.acquire(1, SHARED);
    await c.acquire(1, SHARED);
    await a.acquire(2);
    await a.release(1);
    await c.hints();
    await a.hints();
    await b.granted(1, SHARED);
    expect(await c.hints()).toContainEqual({ type: 'turn', token: 'c.1', afterMs: 0 });
    await c.granted(1, SHARED);
    expect(await a.hints()).toContainEqual({ type: 'turn', token: 'a.2', afterMs: TTL_MS });
    expect(await a.acquire(2)).toEqual(head(TTL_MS));
  });

  test('beatTellsHead: a waiter that became the head unseen hears it by its beat', async () => {
    await a.granted(1);
    await b.acquire(1);
    await c.acquire(1);
    world.clock.advance(WAITER_TTL_MS - 1);
    const beat = () => c.beat({ waiters: [c.ref(1)] });
    expect(await beat()).toMatchObject({ waiters: [{ place: 'queued' }] });
    world.clock.advance(1);
    expect(await beat()).toMatchObject({
      waiters: [{ place: 'head', retryAfterMs: TTL_MS - WAITER_TTL_MS }],
    });
    await a.driver.revoke(LOCK, 'break');
    expect(await beat()).toMatchObject({ waiters: [{ place: 'head', retryAfterMs: 0 }] });
  });

  test('beatTellsGone: a waiter that lost its place hears it, and enters at the end', async () => {
    await a.granted(1);
    await b.acquire(1);
    world.clock.advance(WAITER_TTL_MS);
    await c.acquire(1);
    expect(await b.beat({ waiters: [b.ref(1)] })).toMatchObject({ waiters: [{ place: 'gone' }] });
    expect(await b.acquire(1)).toEqual(QUEUED);
    expect(await waiters()).toEqual(['c', 'b']);
  });

  test('a beat keeps the place, and so does asking again', async () => {
    await a.granted(1, { ttlMs: 60_000 });
    await b.acquire(1);
    await c.acquire(1);
    for (let i = 0; i < 3; i++) {
      world.clock.advance(WAITER_TTL_MS - 1);
      await b.beat({ waiters: [b.ref(1)] });
      await c.acquire(1);
    }
    expect(await waiters()).toEqual(['b', 'c']);
  });

  test('secondTries and claimEnds: a head that does not come loses its place to the second', async () => {
    await a.granted(1);
    await b.acquire(1);
    await c.acquire(1);
    await c.hints();
    await a.release(1);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: CLAIM_MS }]);
    world.clock.advance(CLAIM_MS - 1);
    expect(await c.acquire(1)).toEqual(head(1));
    world.clock.advance(1);
    await c.granted(1);
    expect(await waiters()).toEqual([]);
    expect(await b.acquire(1)).toEqual(head(TTL_MS));
  });

  test('the time to claim runs from the step that first finds the lock free', async () => {
    await a.granted(1);
    world.clock.advance(TTL_MS - 1);
    await b.acquire(1);
    await b.hints();
    world.clock.advance(1_000);
    expect(await c.acquire(1)).toEqual(head(CLAIM_MS));
    expect(await b.hints()).toEqual([{ type: 'turn', token: 'b.1', afterMs: 0 }]);
    world.clock.advance(CLAIM_MS - 1);
    expect(await c.acquire(1)).toEqual(head(1));
    await b.granted(1);
  });

  test('deadDropped: a waiter whose beat ends does not hold up those behind it', async () => {
    await a.granted(1);
    await b.acquire(1);
    world.clock.advance(WAITER_TTL_MS);
    await a.release(1);
    expect(await c.acquire(1, TRY)).toMatchObject({ status: 'granted' });
    expect(await waiters()).toEqual([]);
  });

  test('deadDropped: whoever dies behind the first two has no place either, and enters at the end', async () => {
    await a.granted(1, { ttlMs: 60_000 });
    await b.acquire(1);
    await b.acquire(2);
    await a.acquire(3);
    await c.acquire(1);
    world.clock.advance(WAITER_TTL_MS - 1);
    await b.beat({ waiters: [b.ref(1), b.ref(2)] });
    await c.beat({ waiters: [c.ref(1)] });
    world.clock.advance(1);
    expect(await a.beat({ waiters: [a.ref(3)] })).toMatchObject({ waiters: [{ place: 'gone' }] });
    expect(await waiters()).toEqual(['b', 'b', 'c']);
    expect(await a.acquire(3)).toEqual(QUEUED);
    expect(await waiters()).toEqual(['b', 'b', 'c', 'a']);
    await c.release(1);
    expect(await waiters()).toEqual(['b', 'b', 'a']);
  });

  test('deadDropped: any number of dead before a living one are passed', async () => {
    await a.granted(1);
    for (let number = 1; number <= 5; number++) await b.acquire(number);
    await c.acquire(1);
    for (let number = 6; number <= 9; number++) await b.acquire(number);
    world.clock.advance(WAITER_TTL_MS - 1);
    await c.beat({ waiters: [c.ref(1)] });
    await c.hints();
    world.clock.advance(1);
    await a.release(1);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: 0 }]);
    await c.granted(1);
    expect(await waiters()).toEqual([]);
    expect(await a.acquire(2)).toEqual(head(TTL_MS));
  });

  test('deadDropped: when the head gives up, the second is the next that lives', async () => {
    await a.granted(1);
    await b.acquire(1);
    await c.acquire(1);
    await b.acquire(2);
    await c.acquire(2);
    world.clock.advance(WAITER_TTL_MS - 1);
    await b.beat({ waiters: [b.ref(1)] });
    await c.beat({ waiters: [c.ref(1), c.ref(2)] });
    world.clock.advance(1);
    await a.release(1);
    await c.hints();
    await b.release(1);
    expect(await c.hints()).toEqual([
      { type: 'turn', token: 'c.1', afterMs: 0 },
      { type: 'turn', token: 'c.2', afterMs: CLAIM_MS },
    ]);
  });

  test('B15: a head that gives up wakes the next at once; one behind it leaves in silence', async () => {
    await a.granted(1);
    await b.acquire(1);
    await c.acquire(1);
    await c.acquire(2);
    await a.release(1);
    await c.hints();
    expect(await c.release(2)).toBe(false);
    expect(await c.hints()).toEqual([]);
    expect(await b.release(1)).toBe(false);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: 0 }]);
    await c.granted(1);
  });

  test('whoever becomes the second of a head that may claim hears when to try', async () => {
    await a.granted(1);
    await b.acquire(1);
    await b.acquire(2);
    await c.acquire(1);
    await a.release(1);
    world.clock.advance(100);
    await b.release(2);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: CLAIM_MS - 100 }]);
  });

  test('a writer that gives up lets the readers behind it in', async () => {
    await a.granted(1, SHARED);
    await b.acquire(1);
    await c.acquire(1, SHARED);
    await b.release(1);
    expect(await c.hints()).toContainEqual({ type: 'turn', token: 'c.1', afterMs: 0 });
    await c.granted(1, SHARED);
  });

  test('floorOnGrant: a fence is above the wall clock in µs, and above every earlier one of the namespace', async () => {
    const first = await a.granted(1);
    expect(first).toBe(world.clock.now() * 1_000);
    const other = await b.granted(1, { lock: leaderOf('g') });
    expect(other).toBe(first + 1);
    world.clock.jumpWall(-3_600_000);
    await a.release(1);
    expect(await a.granted(2)).toBe(first + 2);
    world.clock.jumpWall(7_200_000);
    await a.release(2);
    expect(await a.granted(3)).toBe(world.clock.now() * 1_000);
  });

  test('B4: fences strictly increase over holders, expiry and break', async () => {
    const fences: number[] = [];
    for (let i = 0; i < 300; i++) {
      fences.push(await (i % 2 === 0 ? a : b).granted(i));
      if (i % 3 === 0) await (i % 2 === 0 ? a : b).release(i);
      else if (i % 3 === 1) await c.driver.revoke(LOCK, 'break');
      else world.clock.advance(TTL_MS);
    }
    expect(fences.every((fence, i) => i === 0 || fence > (fences[i - 1] ?? Infinity))).toBe(true);
  });

  test('a break tells each holder and the head', async () => {
    await a.granted(1, SHARED);
    await b.granted(1, SHARED);
    await c.acquire(1);
    expect(await c.driver.revoke(LOCK, 'break')).toBe(true);
    expect(await a.hints()).toEqual([{ type: 'holder', token: 'a.1' }]);
    expect(await b.hints()).toEqual([{ type: 'holder', token: 'b.1' }]);
    expect(await c.hints()).toEqual([{ type: 'turn', token: 'c.1', afterMs: 0 }]);
    expect(await c.driver.revoke(LOCK, 'break')).toBe(false);
  });

  test('a request to stand down reaches the holder by hint and by every beat, and ends with the lease', async () => {
    const leader = leaderOf('g');
    expect(await b.driver.revoke(leader, 'ask')).toBe(false);
    await a.granted(1, { lock: leader });
    expect(await b.driver.revoke(leader, 'ask')).toBe(true);
    expect(await a.hints()).toContainEqual({ type: 'holder', token: 'a.1' });
    for (let i = 0; i < 2; i++)
      expect(await a.beat({ leases: [a.ref(1, leader)] })).toMatchObject({ leases: ['asked'] });
    await a.release(1, leader);
    await a.granted(2, { lock: leader });
    expect(await a.beat({ leases: [a.ref(2, leader)] })).toMatchObject({ leases: ['renewed'] });
    world.clock.advance(TTL_MS);
    expect(await b.driver.revoke(leader, 'ask')).toBe(false);
    expect(await b.driver.revoke(leader, 'break')).toBe(false);
  });

  test('names of different kinds, ids and namespaces do not meet', async () => {
    const other = await world.client('d', { namespace: 'other' });
    await a.granted(1);
    await b.granted(1, { lock: leaderOf('l'), ...TRY });
    await c.granted(1, { lock: { kind: 'lock', id: 'l2', text: true }, ...TRY });
    await c.granted(2, { lock: { kind: 'lock', id: '\udcff', text: false }, ...TRY });
    await c.granted(3, { lock: { kind: 'lock', id: '\udcfe', text: false }, ...TRY });
    await other.granted(1, TRY);
    expect(await a.driver.inspect({ kind: 'lock', id: 'l', text: false })).toMatchObject({
      mode: 'exclusive',
    });
  });

  test('inspect shows holders with what is left, and waiters in order; it changes nothing', async () => {
    const fence = BigInt(await a.granted(1, SHARED));
    await b.granted(1, { ...SHARED, ttlMs: 1_000 });
    await c.acquire(1);
    await b.acquire(2, SHARED);
    world.clock.advance(400);
    const reading = await c.driver.inspect(LOCK);
    expect(reading).toMatchObject({
      mode: 'shared',
      holders: [{ memberId: 'a', fence, ttlMs: TTL_MS - 400 }, {}],
    });
    expect(reading.waiters).toEqual([
      { memberId: 'c', mode: 'exclusive' },
      { memberId: 'b', mode: 'shared' },
    ]);
    for (const client of [a, b, c]) await client.hints();
    world.clock.advance(TTL_MS);
    expect(await c.driver.inspect(LOCK)).toEqual({ mode: null, holders: [], waiters: [] });
    for (const client of [a, b, c]) expect(await client.hints()).toEqual([]);
  });

  test('leases are renewed by the thousand in one step', async () => {
    const refs = Array.from({ length: 1_000 }, (_, i) =>
      a.ref(i, { kind: 'lock', id: `many-${i}`, text: true }),
    );
    for (const [i, { lock }] of refs.entries()) if (i !== 500) await a.granted(i, { lock });
    world.clock.advance(TTL_MS - 1);
    const { leases } = await a.beat({ leases: refs });
    expect(leases.indexOf('lost')).toBe(500);
    expect(leases.filter((reply) => reply === 'renewed')).toHaveLength(999);
  });
});
