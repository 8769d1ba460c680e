import { beforeEach, describe, expect, it } from 'vitest';
import {
  Breaker,
  FAILURES_TO_OPEN,
  FIRST_COOLDOWN_MS,
  LONGEST_COOLDOWN_MS,
  type Sign,
  TRIAL_POLL_MS,
} from '../../src/nodes/breaker.js';
import { ManualClock } from './manual-clock.js';

let clock: ManualClock;
let breaker: Breaker;

beforeEach(() => {
  clock = new ManualClock();
  breaker = new Breaker(clock, () => 0);
});

/** One attempt that must be let through. */
function attempt(sign: Sign): void {
  const pass = breaker.enter();
  if (pass === null) throw new Error('the breaker is open');
  breaker.leave(pass, sign);
}

function open(): void {
  for (let i = 0; i < FAILURES_TO_OPEN; i += 1) attempt('silence');
}

describe('the breaker of a node (4.8)', () => {
  it('opens after so many silences in a row, and not before', () => {
    for (let i = 1; i < FAILURES_TO_OPEN; i += 1) attempt('silence');
    expect(breaker.available).toBe(true);
    attempt('silence');
    expect(breaker.available).toBe(false);
    expect(breaker.waitMs).toBe(FIRST_COOLDOWN_MS / 2);
    expect(breaker.enter()).toBeNull();
  });

  it('begins to count anew after any reply, and does not count what its caller cut short', () => {
    for (let round = 0; round < 5; round += 1) {
      for (let i = 1; i < FAILURES_TO_OPEN; i += 1) attempt('silence');
      attempt('nothing');
      expect(breaker.available).toBe(true);
      attempt('reply');
    }
    expect(breaker.available).toBe(true);
  });

  it('lets one trial through at a time when the pause is over', () => {
    open();
    clock.advance(FIRST_COOLDOWN_MS / 2);
    expect(breaker.waitMs).toBe(0);
    expect(breaker.enter()).toBe('trial');
    expect(breaker.enter()).toBeNull();
    expect(breaker.waitMs).toBe(TRIAL_POLL_MS);
    breaker.leave('trial', 'nothing');
    expect(breaker.enter()).toBe('trial');
    breaker.leave('trial', 'reply');
    expect(breaker.available).toBe(true);
    for (let i = 1; i < FAILURES_TO_OPEN; i += 1) attempt('silence');
    expect(breaker.available).toBe(true);
  });

  it('doubles its pause after each fruitless trial, to its cap, and begins small again after a reply', () => {
    open();
    const pauses = Array.from({ length: 6 }, () => {
      const { waitMs } = breaker;
      clock.advance(waitMs);
      attempt('silence');
      return waitMs * 2;
    });
    expect(pauses).toEqual(
      [1, 2, 4, 8, 16, 32].map((n) => Math.min(n * FIRST_COOLDOWN_MS, LONGEST_COOLDOWN_MS)),
    );
    clock.advance(breaker.waitMs);
    attempt('reply');
    open();
    expect(breaker.waitMs).toBe(FIRST_COOLDOWN_MS / 2);
  });

  it('jitters the second half of a pause', () => {
    breaker = new Breaker(clock, () => 0.5);
    open();
    expect(breaker.waitMs).toBe(FIRST_COOLDOWN_MS * 0.75);
  });

  it('is closed by a late reply, and not prolonged by a late silence', () => {
    const [first, second] = [breaker.enter(), breaker.enter()];
    open();
    const { waitMs } = breaker;
    if (first !== null) breaker.leave(first, 'silence');
    expect(breaker.waitMs).toBe(waitMs);
    if (second !== null) breaker.leave(second, 'reply');
    expect(breaker.available).toBe(true);
  });
});
