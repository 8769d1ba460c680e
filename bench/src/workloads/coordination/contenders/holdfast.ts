import { type Coordinator, getCoordinator } from '@holdfast/coordination';
import { BenchError } from '../../../harness/bench-error.js';
import { LOCK_TTL_MS, type Locker, type OpenContender } from './contender.js';
import { unlessEnded } from './unless-ended.js';

let members = 0;

/** A started coordinator with a member id of its own and the options that a user gets by default. */
export async function startCoordinator(url: string, ttlMs: number = LOCK_TTL_MS): Promise<Coordinator> {
  members += 1;
  const coordinator = getCoordinator(url, `bench-${process.pid}-${members}`, {
    lockTtlMs: ttlMs,
    membershipTtlMs: ttlMs,
  });
  await coordinator.start();
  return coordinator;
}

export async function openHoldfast(url: string): Promise<OpenContender> {
  const coordinator = await startCoordinator(url);
  return {
    locker: (name, signal) => lockerOf(coordinator, name, signal),
    [Symbol.asyncDispose]: () => coordinator.stop(),
  };
}

export function lockerOf(coordinator: Coordinator, name: string, signal: AbortSignal | undefined): Locker {
  const lock = coordinator.getLock(name);
  const options = signal === undefined ? {} : { signal };
  return {
    acquire: () => lock.acquire(options).catch((error: unknown) => unlessEnded(error, signal)),
    async release() {
      if (!(await lock.release())) throw new BenchError('WRONG_REPLY', `holdfast lost lock ${name}`);
    },
  };
}
