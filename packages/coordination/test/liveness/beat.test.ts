import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replyLost, requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';

const TTL_MS = 9_000;
const OPTIONS = { lockTtlMs: TTL_MS, membershipTtlMs: TTL_MS } as const;

let stage: Stage;
let a: Player;
let b: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', OPTIONS);
  b = await stage.player('b', OPTIONS);
});
afterEach(() => stage.close());

describe('a beat', () => {
  it('renews the member in all its groups, all locks and all places in queues in one call', async () => {
    for (const group of ['g', 'h']) await a.coordinator.joinGroupCreate(group);
    const locks = Array.from({ length: 50 }, (_, i) => a.coordinator.getLock(`l${i}`));
    for (const [i, lock] of locks.entries()) await lock.acquire({ shared: i % 2 === 0 });
    await b.coordinator.getLock('busy').acquire();
    const waiting = a.coordinator.getLock('busy').acquire();
    await stage.rest();
    const begun = stage.clock.monotonic();
    a.script.calls.length = 0;
    for (let elapsed = 0; elapsed < 3 * TTL_MS; elapsed += 3_000) {
      stage.clock.block(3_000);
      await a.coordinator.heartbeat();
      await b.coordinator.heartbeat();
    }
    expect(a.script.calls.filter((call) => call !== 'acquire')).toEqual(Array(9).fill('beat'));
    const [first] = a.script.beats;
    expect([first?.member, first?.groups, first?.leases.length, first?.waiters.length]).toEqual([
      'a',
      ['g', 'h'],
      50,
      1,
    ]);
    expect(locks.every((lock) => lock.acquired && !lock.signal.aborted)).toBe(true);
    expect(await b.coordinator.getMembers('g')).toEqual(new Set(['a']));
    expect((await b.coordinator.inspectLock('busy')).queue).toHaveLength(1);
    expect(stage.clock.monotonic() - begun).toBe(3 * TTL_MS);
    await b.coordinator.getLock('busy').break();
    expect(await stage.now(waiting)).toBe(true);
  });

  it('tells when the next is due: a third of the shorter lease', async () => {
    expect(await a.coordinator.heartbeat()).toBe(3_000);
    const other = await stage.player('other', { lockTtlMs: 30_000, membershipTtlMs: 600 });
    expect(await other.coordinator.heartbeat()).toBe(200);
  });

  it('obeys the bounds of its caller', async () => {
    a.script.next('beat', a.script.hangs);
    const late = stage.within(500, a.coordinator.heartbeat({ timeoutMs: 500 }));
    await expect(late).rejects.toMatchObject({ code: 'TIMED_OUT', retryable: true, timeoutMs: 500 });
    const reason = new Error('enough');
    await expect(a.coordinator.heartbeat({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(a.coordinator.heartbeat({ timeoutMs: -1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('passes the error of the store on', async () => {
    a.script.next('beat', requestLost);
    await expect(a.coordinator.heartbeat()).rejects.toMatchObject({ code: 'CONNECTION' });
  });
});

describe('a heart that cannot beat', () => {
  it('does not start before its coordinator has, nor keep it from beating afterwards', async () => {
    const { coordinator } = stage.idle('c', OPTIONS);
    expect(() => coordinator.heart.start()).toThrowError(expect.objectContaining({ code: 'NOT_STARTED' }));
    expect(coordinator.heart.isAlive).toBe(false);
    await coordinator.start();
    expect(coordinator.heart.isAlive).toBe(true);
    await stage.rest();
    expect(coordinator.heart.beats).toBe(1);
    await stage.pass(3_000);
    expect(coordinator.heart.beats).toBe(2);
  });

  it('does not start after its coordinator has stopped', async () => {
    await stage.now(a.coordinator.stop());
    expect(() => a.coordinator.heart.start()).toThrowError(expect.objectContaining({ code: 'NOT_STARTED' }));
    expect([a.coordinator.heart.isAlive, stage.clock.timers]).toEqual([false, 0]);
  });
});

describe('a beat that finds the member evicted', () => {
  /** a is silent for longer than a member may be, and b notices. */
  async function evict(): Promise<void> {
    stage.clock.block(TTL_MS + 1);
    expect(await b.coordinator.getMembers('g')).toEqual(new Set());
  }

  it('tells it, and believes the store', async () => {
    await a.coordinator.joinGroupCreate('g');
    const events: string[] = [];
    const watching = (async () => {
      for await (const event of a.coordinator.events('g')) events.push(event.type);
    })();
    await stage.rest();
    await evict();
    expect(a.coordinator.joinedGroups).toEqual(new Set(['g']));
    await a.coordinator.heartbeat();
    await stage.rest();
    expect(a.coordinator.joinedGroups).toEqual(new Set());
    expect(events.filter((type) => type === 'evicted')).toHaveLength(1);
    await a.coordinator.heartbeat();
    expect(a.script.beats.at(-1)?.groups).toEqual([]);
    expect(await b.coordinator.getMembers('g')).toEqual(new Set());
    await stage.now(a.coordinator.stop());
    await watching;
  });

  it('joins again when it was asked to, with the capabilities that it had (B23)', async () => {
    const c = await stage.player('c', { ...OPTIONS, rejoin: true });
    await c.coordinator.joinGroupCreate('g', { weight: 2 });
    await c.coordinator.updateCapabilities('g', { weight: 3 });
    await evict();
    await c.coordinator.heartbeat();
    await stage.rest();
    expect(await b.coordinator.getMembersWithCapabilities('g')).toEqual(new Map([['c', { weight: 3 }]]));
    expect(c.coordinator.joinedGroups).toEqual(new Set(['g']));
  });

  it('joins again though the store was away for a while', async () => {
    const c = await stage.player('c', { ...OPTIONS, rejoin: true });
    await c.coordinator.joinGroupCreate('g');
    await evict();
    c.script.next('join', requestLost);
    c.script.next('join', replyLost);
    await c.coordinator.heartbeat();
    await stage.rest();
    await stage.pass(3_000);
    expect(await b.coordinator.getMembers('g')).toEqual(new Set(['c']));
    expect(c.coordinator.joinedGroups).toEqual(new Set(['g']));
  });

  it('does not call evicted who has joined anew meanwhile', async () => {
    await a.coordinator.joinGroupCreate('g');
    await evict();
    const held = a.script.hold('beat');
    const beating = a.coordinator.heartbeat();
    await held.arrived;
    await a.coordinator.leaveGroup('g').catch(() => {});
    await a.coordinator.joinGroup('g');
    held.release();
    await beating;
    expect(a.coordinator.joinedGroups).toEqual(new Set(['g']));
    expect(await b.coordinator.getMembers('g')).toEqual(new Set(['a']));
  });
});

describe('a member that beats while others look (B22)', () => {
  it('is not removed by a reading between two of its beats', async () => {
    await a.coordinator.joinGroupCreate('g');
    for (let i = 0; i < 20; i++) {
      stage.clock.block(TTL_MS - 1);
      expect(await b.coordinator.getMembers('g')).toEqual(new Set(['a']));
      const [members] = await Promise.all([b.coordinator.getMembers('g'), a.coordinator.heartbeat()]);
      expect(members).toEqual(new Set(['a']));
    }
    expect(a.coordinator.joinedGroups).toEqual(new Set(['g']));
  });
});
