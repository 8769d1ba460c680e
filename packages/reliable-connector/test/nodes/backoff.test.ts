import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/nodes/backoff.js';

const BOUNDS = { baseMs: 50, capMs: 5_000 };
const almostOne = (): number => 1 - Number.EPSILON;

describe('backoffMs (4.8)', () => {
  it('doubles its upper bound from the base to the cap', () => {
    const bounds = [1, 2, 3, 4, 8, 5_000].map((attempt) => Math.round(backoffMs(attempt, BOUNDS, almostOne)));
    expect(bounds).toEqual([50, 100, 200, 400, 5_000, 5_000]);
  });

  it('is full jitter: anything down to nothing', () => {
    expect(backoffMs(4, BOUNDS, () => 0)).toBe(0);
    expect(backoffMs(4, BOUNDS, () => 0.25)).toBe(100);
  });

  it('never comes back before the node asked for it, also beyond the cap', () => {
    expect(backoffMs(1, { ...BOUNDS, retryAfterMs: 7_000 }, almostOne)).toBe(7_000);
    expect(backoffMs(4, { ...BOUNDS, retryAfterMs: 10 }, () => 0.25)).toBe(100);
    expect(backoffMs(4, { ...BOUNDS, retryAfterMs: null }, () => 0)).toBe(0);
  });
});
