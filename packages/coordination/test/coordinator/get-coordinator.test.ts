import { describe, expect, it } from 'vitest';
import type { DriverDefinition } from '../../src/driver/index.js';
import { memoryDriver } from '../../src/drivers/memory/index.js';
import { CoordinationError, DriverChosenPoorly } from '../../src/errors.js';
import { getCoordinator } from '../../src/get-coordinator.js';

const caught = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('getCoordinator', () => {
  it('connects nothing, and tells what the driver guarantees', () => {
    const a = getCoordinator('memory:', 'a');
    expect([a.memberId, a.isStarted, a.requiresBeating, a.heart.isAlive, a.joinedGroups.size]).toEqual([
      'a',
      false,
      true,
      false,
      0,
    ]);
    expect(a.characteristics).toBe(memoryDriver.characteristics);
  });

  it('takes ids as text or bytes, and bytes that are no text', () => {
    expect(getCoordinator('memory:', new TextEncoder().encode('mé')).memberId).toBe('mé');
    expect(getCoordinator('memory:', Uint8Array.of(0xff, 0x61)).memberId).toBe('\udcffa');
    expect(() => getCoordinator('memory:', '')).toThrow('memberId');
    expect(() => getCoordinator('memory:', 'x'.repeat(1_025))).toThrow('memberId');
  });

  it('names the schemes that it knows', () => {
    expect(caught(() => getCoordinator('etcd3://h', 'a'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(
        /^no driver for etcd3: URLs; give one of memory:, sqlite:, redis:, rediss:/,
      ),
    });
  });

  it('refuses what is no URL, without repeating what may hold a password', () => {
    const error = caught(() => getCoordinator('//user:secret@host', 'a'));
    expect(error).toBeInstanceOf(CoordinationError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(String(error)).not.toContain('secret');
  });

  it('names every characteristic that the driver lacks', () => {
    const wanted = ['LINEARIZABLE', 'DISTRIBUTED_ACROSS_HOSTS', 'NON_TIMEOUT_BASED'] as const;
    const error = caught(() => getCoordinator('memory:', 'a', { characteristics: wanted }));
    expect(error).toBeInstanceOf(DriverChosenPoorly);
    expect(error).toMatchObject({
      code: 'DRIVER_CHOSEN_POORLY',
      missing: ['DISTRIBUTED_ACROSS_HOSTS', 'NON_TIMEOUT_BASED'],
      message: expect.stringContaining('the driver memory lacks DISTRIBUTED_ACROSS_HOSTS, NON_TIMEOUT_BASED'),
    });
    expect(getCoordinator('memory:', 'a', { characteristics: ['LINEARIZABLE', 'CAUSAL'] }).isStarted).toBe(
      false,
    );
  });

  it('takes a driver from elsewhere for any scheme, and lets it refuse the URL', () => {
    const driver: DriverDefinition = {
      ...memoryDriver,
      name: 'mine',
      schemes: ['mine'],
      characteristics: new Set(['CAUSAL']),
      requiresBeating: false,
      check: (url) => {
        if (url.host !== 'good') throw new CoordinationError('INVALID_ARGUMENT', `no host ${url.host}`);
      },
    };
    const a = getCoordinator('mine://good', 'a', { driver });
    expect([[...a.characteristics], a.requiresBeating]).toEqual([['CAUSAL'], false]);
    expect(() => getCoordinator('mine://bad', 'a', { driver })).toThrow('no host bad');
    expect(() => getCoordinator('mine://good', 'a', { driver, characteristics: ['LINEARIZABLE'] })).toThrow(
      'the driver mine lacks LINEARIZABLE; it gives CAUSAL',
    );
  });
});
