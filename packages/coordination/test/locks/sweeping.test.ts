import { describe, expect, it } from 'vitest';
import type { DriverContext } from '../../src/driver/index.js';
import { EmbeddedDriver } from '../../src/drivers/embedded/embedded-driver.js';
import type { Store } from '../../src/drivers/embedded/store.js';
import { memoryLocks } from '../../src/drivers/memory/memory-locks.js';
import { memoryTables } from '../../src/drivers/memory/memory-tables.js';
import { systemRandom } from '../../src/index.js';
import { lockKey } from '../../src/locks/lock-name.js';
import { silentLogger } from '../../src/logger.js';
import { ManualClock } from '../support/manual-clock.js';

const KEY = lockKey('l');

describe('leases and waiters of the dead, whose lock nobody asks about', () => {
  it('are removed, and nobody else', () => {
    const { leases, queues, sweep } = memoryLocks();
    const lease = { mode: 'shared', member: 'm', fence: 1, asked: false } as const;
    leases.put(KEY, { ...lease, token: 'over', expiresAt: 10 });
    leases.put(KEY, { ...lease, token: 'live', expiresAt: 11 });
    const waiter = { mode: 'shared', member: 'm', claimUntil: null, claimTimeoutMs: 1 } as const;
    queues.add(KEY, { ...waiter, token: 'dead', aliveUntil: 10 });
    queues.add(KEY, { ...waiter, token: 'waits', aliveUntil: 11 });
    sweep(10);
    expect(leases.of(KEY).map(({ token }) => token)).toEqual(['live']);
    expect(queues.all(KEY).map(({ token }) => token)).toEqual(['waits']);
  });

  it('are looked for by the beats of the living, once a minute', async () => {
    const clock = new ManualClock();
    const swept: number[] = [];
    const tables = { ...memoryTables(), sweep: (now: number) => void swept.push(now) };
    const run: Store['write'] = async (_, step) =>
      step({ tables, now: clock.monotonic(), wallMicros: 0, notices: [] });
    const store: Store = { write: run, read: run, listen: async () => {}, close: async () => {} };
    const context: DriverContext = {
      url: new URL('memory:'),
      namespace: 'n',
      lockKeyFormats: ['tooz9'],
      memberId: 'm',
      clientId: 'c',
      membershipTtlMs: 1_000,
      lockTtlMs: 1_000,
      timeoutMs: 1_000,
      onHint: () => {},
      clock,
      random: systemRandom,
      logger: silentLogger,
    };
    const driver = new EmbeddedDriver(store, context);
    const begun = clock.monotonic();
    for (let second = 1; second <= 180; second++) {
      clock.advance(1_000);
      await driver.beat({
        member: 'm',
        groups: [],
        leases: [],
        waiters: [],
        lockTtlMs: 1_000,
        waiterTtlMs: 1_000,
        claimTimeoutMs: 1_000,
      });
    }
    expect(swept).toEqual([60_000, 120_000, 180_000].map((ms) => begun + ms));
  });
});
