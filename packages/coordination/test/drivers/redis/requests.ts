import type { AcquireReply, AcquireRequest, Driver, LockKey, LockMode } from '../../../src/driver/index.js';

/** A waiting exclusive acquire of ten seconds. */
export const wanting = (
  lock: LockKey,
  token: string,
  others: Partial<AcquireRequest> = {},
): AcquireRequest => ({
  lock,
  token,
  mode: 'exclusive',
  ttlMs: 10_000,
  wait: true,
  waiterTtlMs: 10_000,
  claimTimeoutMs: 1_000,
  ...others,
});

/** Takes the lock and returns the fence. */
export async function take(
  driver: Driver,
  lock: LockKey,
  token: string,
  others: Partial<AcquireRequest> = {},
): Promise<number> {
  const reply: AcquireReply = await driver.acquire(wanting(lock, token, others));
  if (reply.status !== 'granted') throw new Error(`${token} was ${reply.status}`);
  return reply.fence;
}

export const drop = (
  driver: Driver,
  lock: LockKey,
  token: string,
  mode: LockMode = 'exclusive',
): Promise<boolean> => driver.release({ lock, token, mode });

/** A beat that holds these leases and waits for these. */
export const beating = (
  member: string,
  parts: Partial<Parameters<Driver['beat']>[0]> = {},
): Parameters<Driver['beat']>[0] => ({
  member,
  groups: [],
  leases: [],
  waiters: [],
  lockTtlMs: 10_000,
  waiterTtlMs: 10_000,
  claimTimeoutMs: 1_000,
  ...parts,
});
