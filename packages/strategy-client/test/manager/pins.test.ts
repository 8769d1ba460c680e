import { describe, expect, it } from 'vitest';
import { QueryPins } from '../../src/manager/pins.js';

describe('the pins of queries', () => {
  it('remember where an ended query was, for a late cancel', () => {
    const pins = new QueryPins();
    pins.register('q1', 'blue');
    pins.release('q1');
    expect(pins.get('q1')).toBe(null);
    expect(pins.lastOf('q1')).toBe('blue');
    expect(pins.lastOf('q2')).toBe(null);
  });

  it('forget the oldest of ten thousand ended ones', () => {
    const pins = new QueryPins();
    for (let at = 0; at <= 10_000; at++) {
      pins.register(`q${at}`, 'blue');
      pins.release(`q${at}`);
    }
    expect(pins.lastOf('q0')).toBe(null);
    expect(pins.lastOf('q1')).toBe('blue');
    expect(pins.size).toBe(0);
  });

  it('let a new query of an old id count as running', () => {
    const pins = new QueryPins();
    pins.register('q1', 'blue');
    pins.release('q1');
    pins.register('q1', 'green');
    expect(pins.lastOf('q1')).toBe('green');
    expect([pins.count('blue'), pins.count('green'), pins.size]).toEqual([0, 1, 1]);
  });
});
