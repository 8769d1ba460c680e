import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { type CoordinatorOptions, resolveCoordinatorOptions } from '../../src/options.js';

const resolve = (
  options: CoordinatorOptions = {},
  url = 'memory:',
): ReturnType<typeof resolveCoordinatorOptions> => resolveCoordinatorOptions(new URL(url), options);

describe('the options of a coordinator', () => {
  it('have the defaults that they say', () => {
    const { logger, clock, random, ...rest } = resolve();
    expect(rest).toEqual({
      membershipTtlMs: 30_000,
      lockTtlMs: 30_000,
      timeoutMs: 10_000,
      pollMs: 1_000,
      claimTimeoutMs: 1_000,
      handOverTimeoutMs: 30_000,
      rejoin: false,
      namespace: '_tooz',
      lockKeyFormats: ['tooz9'],
      characteristics: new Set(),
    });
    expect(clock).toBe(systemClock);
    expect(logger.warn({}, 'nobody reads this')).toBe(undefined);
    expect(random()).toBeGreaterThanOrEqual(0);
    expect(random()).toBeLessThan(1);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(resolve())).toBe(true);
  });

  it.each([
    ['membershipTtlMs', 100, 86_400_000],
    ['lockTtlMs', 100, 86_400_000],
    ['timeoutMs', 1, 86_400_000],
    ['pollMs', 10, 86_400_000],
    ['claimTimeoutMs', 10, 86_400_000],
    ['handOverTimeoutMs', 0, 86_400_000],
  ] as const)('%s is from %i to %i ms', (name, least, most) => {
    expect(resolve({ [name]: least })[name]).toBe(least);
    expect(resolve({ [name]: most })[name]).toBe(most);
    for (const wrong of [least - 1, most + 1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => resolve({ [name]: wrong })).toThrowError(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: `${name} is ${wrong}; give a number from ${least} to ${most}`,
        }),
      );
  });

  it('in the URL have the names and units of tooz', () => {
    expect(resolve({}, 'redis://h?timeout=5')).toMatchObject({ membershipTtlMs: 5_000, lockTtlMs: 5_000 });
    expect(
      resolve({}, 'redis://h?timeout=5&lock_timeout=7&membership_timeout=2.5&namespace=my.ns'),
    ).toMatchObject({
      membershipTtlMs: 2_500,
      lockTtlMs: 7_000,
      namespace: 'my.ns',
    });
  });

  it('given here win over those of the URL, unless they are undefined', () => {
    const url = 'redis://h?timeout=5&namespace=url';
    expect(resolve({ lockTtlMs: 1_000, namespace: 'here' }, url)).toMatchObject({
      membershipTtlMs: 5_000,
      lockTtlMs: 1_000,
      namespace: 'here',
    });
    const unset = { lockTtlMs: undefined } as unknown as CoordinatorOptions;
    expect(resolve(unset, url).lockTtlMs).toBe(5_000);
  });

  it.each(['0', '-1', 'x', '', ' ', 'Infinity', '1e999'])('refuses lock_timeout=%s', (value) => {
    expect(() => resolve({}, `redis://h?lock_timeout=${encodeURIComponent(value)}`)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^lock_timeout=.* in the URL; give a number of seconds above 0/),
      }),
    );
  });

  it('of the URL are held against the same limits', () => {
    expect(() => resolve({}, 'redis://h?lock_timeout=0.05')).toThrow(
      'lockTtlMs is 50; give a number from 100',
    );
  });

  it('take one lock key format or several, each once', () => {
    expect(resolve({ lockKeyFormat: 'tooz8-text' }).lockKeyFormats).toEqual(['tooz8-text']);
    expect(resolve({ lockKeyFormat: ['tooz9', 'tooz8-bytes', 'tooz9'] }).lockKeyFormats).toEqual([
      'tooz9',
      'tooz8-bytes',
    ]);
    for (const wrong of [[], 'tooz7', ['tooz9', 'tooz10']])
      expect(() => resolve({ lockKeyFormat: wrong as 'tooz9' })).toThrow(
        'give one or several of tooz9, tooz8-bytes, tooz8-text',
      );
  });

  it('take a namespace of 1 to 256 bytes', () => {
    expect(resolve({ namespace: 'é'.repeat(128) }).namespace).toHaveLength(128);
    expect(() => resolve({ namespace: 'é'.repeat(129) })).toThrow('namespace has 258 bytes; give 1 to 256');
    expect(() => resolve({ namespace: '' })).toThrow('namespace has 0 bytes; give 1 to 256');
  });

  it('take characteristics that exist', () => {
    expect(resolve({ characteristics: ['LINEARIZABLE', 'LINEARIZABLE'] }).characteristics.size).toBe(1);
    expect(() => resolve({ characteristics: ['FAST' as 'CAUSAL'] })).toThrow(
      'characteristics names "FAST"; give some of',
    );
  });
});
