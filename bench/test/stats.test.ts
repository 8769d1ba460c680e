import { describe, expect, it } from 'vitest';
import { median, merged, percentile, spread } from '../src/harness/stats.js';

describe('median', () => {
  it('is the middle value, or between the middle two', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([1, 2, 10, 20])).toBe(6);
  });

  it('sorts by number, not by text', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('is no number without values', () => {
    expect(median([])).toBeNaN();
  });
});

describe('percentile', () => {
  it('is the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 1)).toBe(100);
    expect(percentile([7], 0)).toBe(7);
  });
});

describe('spread and merged', () => {
  it('tell median and extremes, and join series', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(merged([Float64Array.of(1, 2), new Float64Array(), Float64Array.of(3)])).toEqual(
      Float64Array.of(1, 2, 3),
    );
  });
});
