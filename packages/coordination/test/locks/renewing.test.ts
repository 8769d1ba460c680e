import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lock } from '../../src/locks/lock.js';
import { replyLost, requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';

const TTL_MS = 9_000;
const MARGIN_MS = 180;
const VALID_MS = TTL_MS - MARGIN_MS;
const BEAT_MS = 3_000;
const TRY = { blocking: false } as const;

let stage: Stage;
let a: Player;
let b: Player;
let lock: Lock;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', { lockTtlMs: TTL_MS, membershipTtlMs: TTL_MS });
  b = await stage.player('b');
  lock = a.coordinator.getLock('l');
  await lock.acquire();
});
afterEach(() => stage.close());

describe('a renewal and a release that cross (B9)', () => {
  it('do no harm when the renewal is answered after the release', async () => {
    const { signal } = lock;
    const held = a.script.hold('beat');
    const beating = a.coordinator.heartbeat();
    await held.arrived;
    expect(await lock.release()).toBe(true);
    held.release();
    await beating;
    expect([lock.acquired, signal.aborted]).toEqual([false, false]);
    await expectDone();
  });

  it('do no harm when the release overtakes the renewal, which then finds nothing', async () => {
    const { signal } = lock;
    let beat = (): void => {};
    a.script.next('beat', async (send) => {
      await new Promise<void>((resolve) => {
        beat = resolve;
      });
      return send();
    });
    const beating = a.coordinator.heartbeat();
    expect(await lock.release()).toBe(true);
    beat();
    await beating;
    expect(signal.aborted).toBe(false);
    await expectDone();
  });

  it('do no harm when the release is answered after the renewal', async () => {
    const { signal } = lock;
    const held = a.script.hold('release');
    const releasing = lock.release();
    await held.arrived;
    await a.coordinator.heartbeat();
    expect(a.script.beats.at(-1)?.leases).toEqual([]);
    held.release();
    expect(await releasing).toBe(true);
    expect(signal.aborted).toBe(false);
    await expectDone();
  });

  it('do no harm when the next acquisition of the object has begun', async () => {
    const held = a.script.hold('beat');
    const beating = a.coordinator.heartbeat();
    await held.arrived;
    await lock.release();
    await b.coordinator.getLock('l').acquire();
    await b.coordinator.getLock('l').break();
    expect(await lock.acquire(TRY)).toBe(true);
    held.release();
    await beating;
    expect([lock.acquired, lock.signal.aborted]).toEqual([true, false]);
  });

  async function expectDone(): Promise<void> {
    expect(stage.clock.timers).toBe(0);
    await a.coordinator.heartbeat();
    expect(a.script.beats.at(-1)?.leases, 'no renewal after the release').toEqual([]);
    expect((await b.coordinator.inspectLock('l')).mode).toBe(null);
  }
});

describe('a renewal that fails', () => {
  it.each([requestLost, replyLost])(
    'is no loss when the store is back before the deadline (B10)',
    async (course) => {
      const { signal } = lock;
      a.coordinator.heart.start();
      await stage.rest();
      a.script.always('beat', course);
      await stage.pass(VALID_MS - 1_000);
      expect(a.script.count('beat')).toBeGreaterThan(3);
      expect([lock.acquired, signal.aborted]).toEqual([true, false]);
      a.script.always('beat');
      await stage.pass(3 * TTL_MS);
      expect([lock.acquired, signal.aborted]).toEqual([true, false]);
      expect(await lock.isStillOwner()).toBe(true);
      expect(a.complaints).toHaveLength(1);
    },
  );

  it('is a loss at the local deadline, before the store lets the lease go', async () => {
    const { signal } = lock;
    a.script.always('beat', requestLost);
    a.coordinator.heart.start();
    await stage.pass(VALID_MS - 1);
    expect([lock.acquired, signal.aborted]).toEqual([true, false]);
    expect((await b.coordinator.inspectLock('l')).holder).toBe('a');
    await stage.pass(1);
    expect([lock.acquired, signal.aborted]).toEqual([false, true]);
    expect((await b.coordinator.inspectLock('l')).holder).toBe('a');
    await stage.pass(MARGIN_MS);
    expect((await b.coordinator.inspectLock('l')).holder).toBe(null);
  });

  it('is a loss at the local deadline when it hangs (B11)', async () => {
    const { signal } = lock;
    const events: number[] = [];
    signal.addEventListener('abort', () => events.push(stage.clock.monotonic()));
    const begun = stage.clock.monotonic();
    a.script.always('beat', a.script.hangs);
    a.coordinator.heart.start();
    await stage.pass(2 * TTL_MS);
    expect(events).toEqual([begun + VALID_MS]);
    expect(a.script.count('beat'), 'none is waited for').toBeGreaterThan(4);
    expect(a.script.beats.at(-1)?.leases, 'nor renewed after its end').toEqual([]);
  });

  it('does not come back to life by an answer after the deadline', async () => {
    const { signal } = lock;
    const held = a.script.hold('beat');
    const renewing = lock.heartbeat();
    await held.arrived;
    stage.clock.block(VALID_MS);
    held.release();
    expect(await renewing).toBe(false);
    expect([lock.acquired, signal.aborted]).toEqual([false, true]);
    expect(await lock.heartbeat()).toBe(false);
    expect(a.script.count('beat'), 'nothing is sent for a lease that is over').toBe(1);
    stage.clock.advance(0);
  });

  it('counts from when it was sent', async () => {
    stage.clock.block(1_000);
    const held = a.script.hold('beat');
    const renewing = lock.heartbeat();
    await held.arrived;
    stage.clock.block(2_000);
    held.release();
    expect(await renewing).toBe(true);
    stage.clock.block(VALID_MS - 2_001);
    expect(lock.acquired).toBe(true);
    stage.clock.block(1);
    expect(lock.acquired).toBe(false);
  });
});

describe('a holder that was stopped for two leases (B2, B13)', () => {
  it('sees it at its first look, is told with the next timer, and renews nothing', async () => {
    a.coordinator.heart.start();
    await stage.rest();
    const { signal } = lock;
    const derived = AbortSignal.any([signal]);
    const beats = a.script.count('beat');
    stage.clock.block(2 * TTL_MS);
    expect([lock.acquired, signal.aborted, derived.aborted]).toEqual([false, true, false]);
    expect(() => signal.throwIfAborted()).toThrow('was not renewed in time');
    await stage.pass(0);
    expect(derived.aborted).toBe(true);
    expect(a.script.count('beat')).toBeGreaterThan(beats);
    for (const { leases } of a.script.beats.slice(beats)) expect(leases).toEqual([]);
    expect(await lock.release()).toBe(false);
    expect((await b.coordinator.inspectLock('l')).mode, 'the key was not made anew (B8)').toBe(null);
  });

  it('does not disturb whoever has the lock now (B7)', async () => {
    stage.clock.block(TTL_MS);
    const next = b.coordinator.getLock('l');
    expect(await next.acquire(TRY)).toBe(true);
    const before = await b.coordinator.inspectLock('l');
    expect(await lock.heartbeat()).toBe(false);
    await a.coordinator.heartbeat();
    expect(await lock.release()).toBe(false);
    expect(await b.coordinator.inspectLock('l')).toEqual(before);
    expect(await next.isStillOwner()).toBe(true);
    expect(await lock.isStillOwner()).toBe(false);
  });

  it('may acquire anew, with a higher fence, a new signal, and without its old lease', async () => {
    const old = { signal: lock.signal, fence: lock.fencingToken };
    stage.clock.block(TTL_MS);
    expect(await lock.acquire(TRY)).toBe(true);
    expect(lock.fencingToken).toBeGreaterThan(old.fence ?? 0n);
    expect([lock.signal === old.signal, lock.signal.aborted, old.signal.aborted]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await lock.release()).toBe(true);
    expect(await lock.release(), 'the lost one has nothing to release').toBe(false);
    stage.clock.advance(0);
  });
});

describe('a wall clock that jumps (B12)', () => {
  it.each([3_600_000, -3_600_000])('by %i ms ends no lease, here or in the store', async (jumpMs) => {
    const { signal } = lock;
    const fence = lock.fencingToken ?? 0n;
    stage.clock.jumpWall(jumpMs);
    await stage.pass(VALID_MS - 1);
    expect([lock.acquired, signal.aborted]).toEqual([true, false]);
    expect(await b.coordinator.getLock('l').acquire(TRY)).toBe(false);
    await stage.pass(1);
    expect([lock.acquired, signal.aborted]).toEqual([false, true]);
    await stage.pass(MARGIN_MS);
    const next = b.coordinator.getLock('l');
    expect(await next.acquire(TRY)).toBe(true);
    expect(next.fencingToken, 'and no fence goes back').toBeGreaterThan(fence);
  });
});

describe('a host that was suspended', () => {
  it('has its locks doubtful until one renewal, which the heart does not wait for long with', async () => {
    const { signal } = lock;
    a.coordinator.heart.start();
    await stage.rest();
    expect(lock.acquired).toBe(true);
    stage.clock.suspend(5_001);
    expect([lock.acquired, signal.aborted]).toEqual([false, false]);
    await stage.pass(BEAT_MS);
    expect([lock.acquired, signal.aborted]).toEqual([true, false]);
  });

  it('learns of the loss from the store', async () => {
    const { signal } = lock;
    stage.clock.suspend(5_001);
    await b.coordinator.getLock('l').break();
    expect(await lock.heartbeat()).toBe(false);
    expect([lock.acquired, signal.aborted]).toEqual([false, true]);
  });

  it('does not believe an answer to what it had asked before', async () => {
    const held = a.script.hold('beat');
    const renewing = a.coordinator.heartbeat();
    await held.arrived;
    stage.clock.suspend(5_001);
    held.release();
    await renewing;
    expect(lock.acquired).toBe(false);
    await a.coordinator.heartbeat();
    expect(lock.acquired).toBe(true);
  });
});

describe('the loss of a lock', () => {
  it('is told by the beat that finds it broken', async () => {
    const { signal } = lock;
    await b.coordinator.getLock('l').break();
    expect([lock.acquired, await lock.isStillOwner()]).toEqual([true, false]);
    await a.coordinator.heartbeat();
    expect([lock.acquired, signal.aborted]).toEqual([false, true]);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(stage.clock.timers).toBe(0);
  });

  it('is not concluded from an answer that does not speak of it', async () => {
    a.script.next('beat', async (send) => {
      await send();
      return { groups: [], leases: [], waiters: [] };
    });
    stage.clock.block(1_000);
    expect(await lock.heartbeat(), 'nor is a renewal').toBe(false);
    stage.clock.block(VALID_MS - 1_000 - 1);
    expect(lock.acquired).toBe(true);
    stage.clock.block(1);
    expect(lock.acquired).toBe(false);
  });

  it('leaves other locks of the coordinator alone', async () => {
    const other = a.coordinator.getLock('other');
    await other.acquire();
    await b.coordinator.getLock('l').break();
    await a.coordinator.heartbeat();
    expect([lock.acquired, other.acquired]).toEqual([false, true]);
  });
});
