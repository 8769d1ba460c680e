import { beforeEach, describe, expect, it } from 'vitest';
import { CoordinationError } from '../../src/errors.js';
import { type Lease, marginOf } from '../../src/locks/lease.js';
import { Leases } from '../../src/locks/leases.js';
import { lockKey } from '../../src/locks/lock-name.js';
import { Suspension } from '../../src/locks/suspension.js';
import { ManualClock } from '../support/manual-clock.js';

const TTL_MS = 10_000;
const MARGIN_MS = 200;
const VALID_MS = TTL_MS - MARGIN_MS;
const HOUR_MS = 3_600_000;

let clock: ManualClock;
let leases: Leases;
let tokens = 0;
let suspensions: number;

beforeEach(() => {
  clock = new ManualClock();
  suspensions = 0;
  leases = new Leases({
    clock,
    suspension: new Suspension(clock, () => suspensions++),
    ttlMs: TTL_MS,
    marginMs: marginOf(TTL_MS),
  });
});

const ref = (): { lock: ReturnType<typeof lockKey>; token: string; mode: 'exclusive' } => ({
  lock: lockKey('l'),
  token: `c.${++tokens}`,
  mode: 'exclusive',
});

/** A lease whose request was sent now and is answered `ms` later. */
function granted(answeredAfterMs = 0): Lease {
  const sent = leases.instant();
  clock.advance(answeredAfterMs);
  return leases.granted(ref(), { fence: 7, sent });
}

/** Renews it by a call that is sent now and answered `ms` later. */
function renew(lease: Lease, answeredAfterMs = 0): void {
  const sent = leases.instant();
  clock.advance(answeredAfterMs);
  lease.renewed(sent);
}

describe('the margin of a lease', () => {
  it.each([
    [100, 50],
    [2_500, 50],
    [2_600, 52],
    [30_000, 600],
    [86_400_000, 1_728_000],
  ])('of %i ms is %i ms', (ttlMs, marginMs) => {
    expect(marginOf(ttlMs)).toBe(marginMs);
  });
});

describe('the validity of a lease', () => {
  it('counts from when the request was sent, and ends a margin before the store lets it go', () => {
    const lease = granted(4_000);
    clock.advance(VALID_MS - 4_000 - 1);
    expect([lease.isHeld, lease.isVerified]).toEqual([true, true]);
    clock.advance(1);
    expect([lease.isHeld, lease.isVerified]).toEqual([false, false]);
  });

  it('is over at once when the answer came too late', () => {
    expect(granted(VALID_MS).isHeld).toBe(false);
  });

  it('is prolonged from when the renewal was sent', () => {
    const lease = granted();
    clock.advance(5_000);
    renew(lease, 2_000);
    clock.advance(VALID_MS - 2_000 - 1);
    expect(lease.isHeld).toBe(true);
    clock.advance(1);
    expect(lease.isHeld).toBe(false);
  });

  it('is not shortened by the late answer to an earlier renewal', () => {
    const lease = granted();
    const first = leases.instant();
    clock.advance(5_000);
    renew(lease);
    lease.renewed(first);
    clock.advance(VALID_MS - 1);
    expect(lease.isHeld).toBe(true);
  });

  it('does not come back: a renewal that is answered after the deadline is none (B8)', () => {
    const lease = granted();
    clock.advance(VALID_MS - 1);
    renew(lease, 1);
    expect(lease.isHeld).toBe(false);
    clock.advance(1);
    renew(lease);
    expect([lease.isHeld, lease.signal.aborted]).toEqual([false, true]);
  });

  it.each([HOUR_MS, -HOUR_MS])('takes no notice of a wall clock that jumps by %i ms (B12)', (jumpMs) => {
    const lease = granted();
    clock.jumpWall(jumpMs);
    clock.advance(VALID_MS - 1);
    expect([lease.isHeld, lease.isVerified, lease.signal.aborted]).toEqual([true, true, false]);
    clock.jumpWall(-2 * jumpMs);
    expect(lease.isHeld).toBe(true);
    clock.advance(1);
    expect([lease.isHeld, lease.signal.aborted]).toEqual([false, true]);
  });

  it('ends by the word of the store, once', () => {
    const lease = granted();
    const heard: string[] = [];
    lease.onLost((why) => heard.push(why.message));
    lease.lost('somebody broke it');
    lease.lost('and again');
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('somebody broke it');
    expect([lease.isHeld, clock.timers]).toEqual([false, 0]);
  });
});

describe('what a lease tells of its loss', () => {
  it('shows at the first look after the event loop was blocked; the event follows with the next timer (B2, B13)', () => {
    const lease = granted();
    const { signal } = lease;
    const derived = AbortSignal.any([signal]);
    const events: unknown[] = [];
    signal.addEventListener('abort', () => events.push(signal.reason));
    clock.block(2 * TTL_MS);
    expect([lease.isHeld, signal.aborted, derived.aborted, events.length]).toEqual([false, true, false, 0]);
    const { reason } = signal;
    expect(reason).toBeInstanceOf(CoordinationError);
    expect(reason).toMatchObject({ code: 'LEASE_LOST', retryable: false });
    expect(() => signal.throwIfAborted()).toThrow('was not renewed in time');
    clock.advance(0);
    expect([derived.aborted, events.length, clock.timers]).toEqual([true, 1, 0]);
  });

  it('has one reason, however and whenever it is read', () => {
    const lease = granted();
    const { signal } = lease;
    const heard: unknown[] = [];
    signal.addEventListener('abort', () => heard.push(signal.reason));
    clock.block(TTL_MS);
    const first: unknown = signal.reason;
    expect(signal.reason).toBe(first);
    clock.advance(0);
    expect(heard).toEqual([first]);
    expect(heard[0]).toBe(first);
    expect(signal.reason).toBe(first);
  });

  it('is not taken back by a release that comes after the deadline', () => {
    const lease = granted();
    const { signal } = lease;
    let events = 0;
    signal.addEventListener('abort', () => events++);
    clock.block(TTL_MS);
    expect(signal.aborted).toBe(true);
    lease.released();
    expect([signal.aborted, events, clock.timers]).toEqual([true, 1, 0]);
  });

  it('is nothing after a release in time', () => {
    const lease = granted();
    const lost: unknown[] = [];
    lease.onLost((why) => lost.push(why));
    const { signal } = lease;
    lease.released();
    lease.lost('somebody broke it');
    clock.advance(2 * TTL_MS);
    expect([lease.isHeld, signal.aborted, lost.length, clock.timers]).toEqual([false, false, 0, 0]);
  });

  it('names lock, token and remedy', () => {
    const lease = granted();
    lease.lost('somebody broke it');
    expect(lease.signal.reason.message).toBe(
      'the lease on "l" (fencing token 7) has ended: somebody broke it; stop what it guards, and acquire the lock again',
    );
  });

  it('comes with the deadline, not before, when nobody asks, and costs one timer', () => {
    const lease = granted();
    const { signal } = lease;
    renew(lease, 5_000);
    clock.advance(VALID_MS - 5_001);
    expect([signal.aborted, clock.timers]).toEqual([false, 1]);
    renew(lease);
    clock.advance(VALID_MS - 1);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect([signal.aborted, clock.timers]).toEqual([true, 0]);
  });

  it('costs nothing unless somebody listens', () => {
    granted();
    expect(clock.timers).toBe(0);
  });
});

describe('a host that was suspended', () => {
  it('makes a lease doubtful, not lost, until a renewal that was sent afterwards', () => {
    const lease = granted();
    clock.suspend(MARGIN_MS + 1);
    expect([lease.isHeld, lease.isVerified, lease.signal.aborted]).toEqual([true, false, false]);
    clock.advance(10);
    renew(lease);
    expect(lease.isVerified).toBe(true);
  });

  it('is noticed at the first look, however short ago the last was', () => {
    const lease = granted();
    expect(lease.isVerified).toBe(true);
    clock.suspend(HOUR_MS);
    expect(lease.isVerified).toBe(false);
  });

  it('does not matter within the margin', () => {
    const lease = granted();
    clock.suspend(MARGIN_MS);
    expect(lease.isVerified).toBe(true);
    clock.suspend(1);
    expect(lease.isVerified).toBe(false);
  });

  it('makes the answer to a renewal that was sent before it worthless', () => {
    const lease = granted();
    clock.advance(1_000);
    const sent = leases.instant();
    clock.suspend(5_001);
    lease.renewed(sent);
    expect([lease.isVerified, lease.isHeld]).toEqual([false, true]);
    renew(lease);
    expect(lease.isVerified).toBe(true);
  });

  it('makes the answer to an acquisition that was sent before it doubtful', () => {
    const sent = leases.instant();
    clock.suspend(5_001);
    const lease = leases.granted(ref(), { fence: 7, sent });
    expect([lease.isVerified, lease.isHeld]).toEqual([false, true]);
    clock.advance(100);
    renew(lease);
    expect(lease.isVerified).toBe(true);
  });

  it('may show it a second late where the uptime is known in whole seconds', () => {
    const lease = granted();
    clock.suspend(1_000);
    expect(lease.isVerified).toBe(true);
    clock.suspend(1_000);
    expect(lease.isVerified).toBe(false);
  });

  it('is told to whoever can renew, once', async () => {
    granted();
    clock.suspend(5_001);
    clock.advance(100);
    for (let looks = 0; looks < 3; looks++) leases.instant();
    await Promise.resolve();
    expect(suspensions).toBe(1);
  });

  it('counts in parts', () => {
    const lease = granted();
    for (let i = 0; i < 3; i++) {
      clock.suspend(MARGIN_MS / 2);
      clock.advance(100);
    }
    expect(lease.isVerified).toBe(false);
  });
});

describe('the leases of a coordinator', () => {
  it('are renewed as long as they are held, in the order in which they came', () => {
    const [one, two, three, four] = [granted(), granted(), granted(), granted(VALID_MS - 1)];
    leases.drop(one);
    two.released();
    three.lost('somebody broke it');
    expect(leases.list()).toEqual([four]);
    clock.block(1);
    expect(leases.list()).toEqual([]);
  });
});
