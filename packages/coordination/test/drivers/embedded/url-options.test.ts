import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/logger.js';
import { WORLDS } from './support/worlds.js';

describe.each(WORLDS)('options of the URL on %s', (name, make) => {
  const warningsOf = async (query: string): Promise<unknown[]> => {
    const warnings: unknown[] = [];
    const world = await make();
    await world.client('a', {
      query,
      logger: { ...silentLogger, warn: (fields, message) => warnings.push({ ...fields, message }) },
    });
    return warnings;
  };

  test('those that nobody reads are told to the logger, by name and once', async () => {
    expect(await warningsOf('?lock_timout=5&timeout=5&db=1&lock_timout=secret')).toEqual([
      { options: ['lock_timout', 'db'], message: `options of the URL that the ${name} driver does not know` },
    ]);
  });

  test('those of tooz that count here are no matter', async () => {
    expect(await warningsOf('?timeout=5&membership_timeout=6&lock_timeout=7&namespace=n')).toEqual([]);
    expect(await warningsOf('')).toEqual([]);
  });
});
