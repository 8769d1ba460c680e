import { systemClock } from '../../../src/clock.js';
import type { Driver, DriverContext, Hint, LockKey, LockKeyFormat } from '../../../src/driver/index.js';
import { type CreateClient, createRedisDriver } from '../../../src/drivers/redis/index.js';
import { silentLogger } from '../../../src/logger.js';

export interface DriverOnOptions extends Partial<Omit<DriverContext, 'url' | 'onHint'>> {
  readonly createClient?: CreateClient;
}

/** A driver with what it was told by push. */
export interface DriverOn {
  readonly driver: Driver;
  readonly hints: Hint[];
  /** Resolves with the first hint, from the beginning on, that is accepted; each is given out once. */
  hint(accepts: (hint: Hint) => boolean): Promise<Hint>;
  [Symbol.asyncDispose](): Promise<void>;
}

let clients = 0;

/** Opens a driver on this URL; short leases, and an id of its own. */
export async function driverOn(url: string, options: DriverOnOptions = {}): Promise<DriverOn> {
  const { createClient, ...context } = options;
  const hints: Hint[] = [];
  const waiting = new Set<() => void>();
  const given = new Set<Hint>();
  clients += 1;
  const driver = await createRedisDriver(createClient ? { createClient } : {}).open({
    url: new URL(url),
    namespace: '_tooz',
    lockKeyFormats: ['tooz9'],
    memberId: 'm',
    clientId: `c${clients}`,
    membershipTtlMs: 10_000,
    lockTtlMs: 10_000,
    timeoutMs: 5_000,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    onHint: (hint) => {
      hints.push(hint);
      for (const look of [...waiting]) look();
    },
    ...context,
  });
  return {
    driver,
    hints,
    hint: (accepts) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = hints.find((hint) => !given.has(hint) && accepts(hint));
          if (!found) return;
          given.add(found);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: () => driver.close(),
  };
}

export const lockNamed = (id: string, text = true): LockKey => ({ kind: 'lock', id, text });

export const leaderOf = (id: string): LockKey => ({ kind: 'leader', id, text: true });

export const ALL_FORMATS: readonly LockKeyFormat[] = ['tooz9', 'tooz8-bytes', 'tooz8-text'];
