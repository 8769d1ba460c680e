import { expect, test } from 'vitest';
import { isToken, nextCounter, parseToken, SLOTS, tokenOf, tokenText } from '../../src/journal/token.js';

const NOW_MS = 1_700_000_000_000;

test('a token looks like a time of creation, to the microsecond', () => {
  for (const slot of [0, 127]) {
    const token = tokenOf(nextCounter(0n, NOW_MS), slot);
    expect(token).toBeGreaterThanOrEqual(NOW_MS / 1000);
    expect(token).toBeLessThan(NOW_MS / 1000 + 2 ** -14);
  }
});

test('the counter follows the clock forward and itself otherwise', () => {
  const counter = nextCounter(0n, NOW_MS);
  expect(counter).toBe((BigInt(NOW_MS) * 2n ** 14n) / 1000n);
  expect(nextCounter(counter, NOW_MS)).toBe(counter + 1n);
  expect(nextCounter(counter, NOW_MS - 3_600_000)).toBe(counter + 1n);
  expect(nextCounter(counter, NOW_MS + 3_600_000)).toBe(counter + 3_600n * 2n ** 14n);
  expect(nextCounter(counter, Number.NaN)).toBe(counter + 1n);
  expect(nextCounter(counter, Number.NEGATIVE_INFINITY)).toBe(counter + 1n);
  expect(nextCounter(counter, -1)).toBe(counter + 1n);
});

test('scenario 23: tokens rise through 2038, and a clock beyond 2106 is not followed', () => {
  const in2038 = nextCounter(0n, Date.UTC(2038, 0, 19, 3, 14, 7, 999));
  expect(tokenOf(nextCounter(in2038, Date.UTC(2038, 0, 19, 3, 14, 8)), 0)).toBeGreaterThan(2 ** 31 - 1);
  expect(nextCounter(in2038, Date.UTC(2200, 0, 1))).toBe(in2038 + 1n);
  expect(() => nextCounter(2n ** 46n - 1n, NOW_MS)).toThrow(/token counter/);
});

test('scenario 24: 10^6 tokens over 128 slots and interleaved counters are unique and survive their text', () => {
  const total = 1_000_000;
  const perSlot = Math.ceil(total / SLOTS);
  const tokens = new Float64Array(perSlot * SLOTS);
  let at = 0;
  for (let slot = 0; slot < SLOTS; slot++) {
    // Each journal's clock stands, jumps and steps back in its own way; the last slots share the first ones' moments.
    let counter = 0n;
    for (let i = 0; i < perSlot; i++) {
      const clockMs = NOW_MS + (i % 97) - (i % 13) * (slot % 3);
      counter = nextCounter(counter, clockMs);
      tokens[at++] = tokenOf(counter, slot);
    }
  }
  expect(at).toBeGreaterThanOrEqual(total);
  tokens.sort();
  let repeated = 0;
  let altered = 0;
  for (let i = 0; i < at; i++) {
    const token = tokens[i] ?? Number.NaN;
    if (i > 0 && token === tokens[i - 1]) repeated++;
    if (!isToken(token) || parseToken(tokenText(token)) !== token) altered++;
    if (i % 997 === 0 && JSON.parse(JSON.stringify(token)) !== token) altered++;
  }
  expect({ repeated, altered }).toEqual({ repeated: 0, altered: 0 });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined])('%s is no token', (value) => {
  expect(isToken(value)).toBe(false);
});

test.each(['', 'abc', 'nan', 'inf', '-1', '0', '0.0', ' 1', '0x10', '1e999', '1,5'])(
  '%j is no text of a token',
  (text) => {
    expect(parseToken(text)).toBeNull();
  },
);

test('reads the texts of nodes', () => {
  expect(parseToken('1700000000.5')).toBe(1_700_000_000.5);
  expect(parseToken('1.7e9')).toBe(1_700_000_000);
});
