import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';

const TTL_MS = 9_000;
const BEAT_MS = 3_000;
const CLAIM_MS = 1_000;
const OPTIONS = { lockTtlMs: TTL_MS, membershipTtlMs: TTL_MS, claimTimeoutMs: CLAIM_MS } as const;

let stage: Stage;
let a: Player;
let b: Player;
let c: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', OPTIONS);
  b = await stage.player('b', OPTIONS);
  c = await stage.player('c', OPTIONS);
});
afterEach(() => stage.close());

const queue = async (): Promise<string[]> =>
  (await a.coordinator.inspectLock('l')).queue.map(({ memberId }) => memberId);

/** Enters the queue and settles there. In an object, since a promise in a promise is awaited with it. */
async function waiterOf(player: Player, signal?: AbortSignal): Promise<{ readonly done: Promise<boolean> }> {
  const done = player.coordinator.getLock('l').acquire(signal ? { signal } : {});
  done.catch(() => {});
  await stage.rest();
  return { done };
}

describe('a waiter', () => {
  it('subscribes once for the whole coordinator, and looks once more when hints come', async () => {
    await a.coordinator.getLock('l').acquire();
    await a.coordinator.getLock('m').acquire();
    await b.coordinator.getLock('other').acquire();
    expect(b.script.count('listen'), 'nobody waits').toBe(0);
    await waiterOf(b);
    expect(b.script.calls.filter((call) => call !== 'inspect').slice(1)).toEqual([
      'acquire',
      'listen',
      'acquire',
    ]);
    const second = b.coordinator.getLock('m').acquire();
    await stage.rest();
    expect([b.script.count('listen'), b.script.count('acquire')]).toEqual([1, 4]);
    await stage.now(a.coordinator.stop());
    expect(await stage.now(second)).toBe(true);
  });

  it('gets the lock by the hint of its release, with one request', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const waiter = await waiterOf(b);
    const before = b.script.count('acquire');
    await held.release();
    expect(await stage.now(waiter.done)).toBe(true);
    expect(b.script.count('acquire') - before).toBe(1);
  });

  it('of the head polls when the lease before it ends, though no hint comes', async () => {
    await a.coordinator.getLock('l').acquire();
    b.coordinator.heart.start();
    b.script.hears = false;
    const waiter = await waiterOf(b);
    const before = b.script.count('acquire');
    await stage.pass(TTL_MS - 1);
    expect(await stage.isPending(waiter.done)).toBe(true);
    await stage.pass(1);
    expect(await stage.now(waiter.done)).toBe(true);
    expect(b.script.count('acquire') - before).toBe(1);
  });

  it('that became the head unheard is told by its beat', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const first = await waiterOf(b);
    c.script.hears = false;
    const second = await waiterOf(c);
    await held.release();
    expect(await stage.now(first.done)).toBe(true);
    await stage.now(b.coordinator.stop());
    expect(await stage.isPending(second.done)).toBe(true);
    await c.coordinator.heartbeat();
    expect(await stage.now(second.done)).toBe(true);
  });

  it('behind the head is not woken by its beats', async () => {
    await a.coordinator.getLock('l').acquire();
    await waiterOf(b);
    await waiterOf(c);
    const before = c.script.count('acquire');
    await c.coordinator.heartbeat();
    await c.coordinator.heartbeat();
    await stage.rest();
    expect(c.script.count('acquire')).toBe(before);
    expect(await queue()).toEqual(['b', 'c']);
  });

  it('that is no longer in the queue is told by its beat, and enters it again', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const waiter = await waiterOf(b);
    const place = b.script.acquires.at(-1);
    if (place) await c.script.raw.release(place);
    expect(await queue()).toEqual([]);
    await b.coordinator.heartbeat();
    await stage.rest();
    expect(await queue()).toEqual(['b']);
    await held.release();
    expect(await stage.now(waiter.done)).toBe(true);
  });

  it('keeps its place by the beats of its coordinator for as long as it takes', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    a.coordinator.heart.start();
    b.coordinator.heart.start();
    const waiter = await waiterOf(b);
    await stage.pass(5 * TTL_MS);
    expect(await queue()).toEqual(['b']);
    expect(await stage.isPending(waiter.done)).toBe(true);
    await held.release();
    expect(await stage.now(waiter.done)).toBe(true);
  });

  it('without a heart keeps its place by its own requests', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    a.coordinator.heart.start();
    const first = await waiterOf(b);
    const second = await waiterOf(c);
    await stage.pass(5 * TTL_MS);
    expect(await queue()).toEqual(['b', 'c']);
    expect(b.script.count('beat')).toBe(0);
    await held.release();
    expect(await stage.now(first.done)).toBe(true);
    expect(await stage.isPending(second.done)).toBe(true);
  });

  it('without a heart keeps its place though a hint tells it to wait for longer', async () => {
    const long = await stage.player('long', { ...OPTIONS, lockTtlMs: 10 * TTL_MS });
    const held = long.coordinator.getLock('l');
    const before = a.coordinator.getLock('l');
    await before.acquire();
    const first = held.acquire();
    await stage.rest();
    await waiterOf(b);
    await before.release();
    expect(await stage.now(first)).toBe(true);
    await stage.pass(3 * TTL_MS);
    expect(await queue()).toEqual(['b']);
  });

  it('of a dead coordinator loses its place with the last beat', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    a.coordinator.heart.start();
    c.coordinator.heart.start();
    b.script.always('acquire', async (send) => {
      const reply = await send();
      b.script.always('acquire', requestLost);
      return reply;
    });
    b.script.hears = false;
    await waiterOf(b);
    await waiterOf(c);
    expect(await queue()).toEqual(['b', 'c']);
    await stage.pass(TTL_MS + 1);
    expect(await queue()).toEqual(['c']);
  });
});

describe('a head that is told to claim', () => {
  it('and does not costs the next one no more than the claim time-out (B15)', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const head = await waiterOf(b);
    const next = await waiterOf(c);
    b.script.hears = false;
    await held.release();
    await stage.pass(CLAIM_MS - 1);
    expect([await stage.isPending(head.done), await stage.isPending(next.done)]).toEqual([true, true]);
    await stage.pass(1);
    expect(await stage.now(next.done)).toBe(true);
  });

  it('and gives up makes room at once (B15)', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const abort = new AbortController();
    const head = await waiterOf(b, abort.signal);
    const next = await waiterOf(c);
    abort.abort(new Error('enough'));
    await expect(stage.now(head.done)).rejects.toThrow('enough');
    expect(await queue()).toEqual(['c']);
    await held.release();
    expect(await stage.now(next.done)).toBe(true);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
});

describe('a hundred waiters (B14)', () => {
  it('are granted the lock in their order, one at a time, and only those next in line are woken', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const served: number[] = [];
    const locks = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? b : c).coordinator.getLock('l'));
    const waiting: Promise<unknown>[] = [];
    for (const [i, lock] of locks.entries()) {
      waiting.push(lock.acquire().then(() => served.push(i)));
      await stage.rest();
    }
    const counted = (): number => b.script.count('acquire') + c.script.count('acquire');
    const entered = counted();
    expect(entered, 'two more for the first look after each subscription').toBeLessThanOrEqual(102);
    await held.release();
    await stage.rest();
    expect(served).toEqual([0]);
    expect(counted() - entered, 'nobody else was woken').toBe(1);
    for (const lock of locks) {
      await lock.release();
      await stage.rest();
    }
    await stage.now(Promise.all(waiting));
    expect(served).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(counted() - entered).toBe(100);
    expect(stage.clock.timers).toBe(0);
  });
});

describe('an outage', () => {
  it('that is shorter than a lease costs a waiter nothing', async () => {
    const held = a.coordinator.getLock('l');
    await held.acquire();
    const waiter = await waiterOf(b);
    b.script.hears = false;
    b.script.always('acquire', requestLost);
    await stage.pass(BEAT_MS + 500);
    const tried = b.script.count('acquire');
    expect(await stage.isPending(waiter.done)).toBe(true);
    await stage.pass(1_000);
    expect(b.script.count('acquire') - tried, 'it tries ten times a second').toBe(10);
    await held.release();
    b.script.always('acquire');
    expect(await stage.within(100, waiter.done)).toBe(true);
  });

  it('is borne for as long as a lease lasts, and then is the error of the waiter', async () => {
    await a.coordinator.getLock('l').acquire();
    a.coordinator.heart.start();
    b.script.hears = false;
    const waiter = await waiterOf(b);
    b.script.always('acquire', requestLost);
    await stage.pass(TTL_MS - 1_000);
    expect(await stage.isPending(waiter.done)).toBe(true);
    await expect(stage.within(2_000, waiter.done)).rejects.toMatchObject({ code: 'CONNECTION' });
    expect(await queue()).toEqual([]);
  });

  it('does not hide an error that will not pass', async () => {
    await a.coordinator.getLock('l').acquire();
    const waiter = await waiterOf(b);
    const failure = new Error('a bug');
    b.script.always('acquire', async () => {
      throw failure;
    });
    await expect(stage.within(TTL_MS, waiter.done)).rejects.toBe(failure);
  });

  it('of the subscription leaves the waiter to its polls', async () => {
    await a.coordinator.getLock('l').acquire();
    b.script.always('listen', requestLost);
    b.script.hears = false;
    const waiter = await waiterOf(b);
    expect(await stage.within(TTL_MS, waiter.done)).toBe(true);
  });
});

describe('readers and writers', () => {
  it('are served in their order: a writer that waits goes before readers that come later', async () => {
    const reader = a.coordinator.getLock('l');
    await reader.acquire({ shared: true });
    const writer = await waiterOf(b);
    const late = c.coordinator.getLock('l').acquire({ shared: true });
    await stage.rest();
    expect(await queue()).toEqual(['b', 'c']);
    expect(await c.coordinator.getLock('l').acquire({ shared: true, blocking: false })).toBe(false);
    await reader.release();
    expect(await stage.now(writer.done)).toBe(true);
    expect(await stage.isPending(late)).toBe(true);
    await stage.now(b.coordinator.stop());
    expect(await stage.now(late)).toBe(true);
  });

  it('come in together when several readers are next', async () => {
    const writer = a.coordinator.getLock('l');
    await writer.acquire();
    const readers = [b, c, b].map(({ coordinator }) => coordinator.getLock('l').acquire({ shared: true }));
    await stage.rest();
    await writer.release();
    expect(await stage.now(Promise.all(readers))).toEqual([true, true, true]);
    expect((await a.coordinator.inspectLock('l')).holders).toHaveLength(3);
  });
});
