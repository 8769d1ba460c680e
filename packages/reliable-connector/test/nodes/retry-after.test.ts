import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/nodes/retry-after.js';

const NOW = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

describe('Retry-After (scenario 27)', () => {
  it.each([
    ['0', 0],
    [' 120 ', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ])('reads %j', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });

  it.each(['99999999999999999999', '9'.repeat(400), 'Fri, 01 Jan 2100 00:00:00 GMT'])(
    'bounds the huge %j',
    (header) => {
      expect(parseRetryAfter(header, NOW)).toBe(DAY_MS);
    },
  );

  it('takes a date in the past for now', () => {
    expect(parseRetryAfter('Wed, 01 Jan 2020 00:00:00 GMT', NOW)).toBe(0);
  });

  it.each(['', '-5', '1.5', '1e3', 'soon', '5 foo', '1, 2', '2026-01-01', 'Thu, 99 Jan 2026 00:00:00 GMT'])(
    'does not read the garbage %j',
    (header) => {
      expect(parseRetryAfter(header, NOW)).toBeNull();
    },
  );

  it('is null without the header', () => {
    expect(parseRetryAfter(undefined, NOW)).toBeNull();
  });
});
