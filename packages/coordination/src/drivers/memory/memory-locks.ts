import { isLive, isWaiting, type Lease, type Waiter } from '../embedded/rows.js';
import type { LeaseTable, QueueTable } from '../embedded/tables.js';
import { RowsByLock } from './rows-by-lock.js';

/** Leases and queues of one namespace. */
export interface MemoryLocks {
  readonly leases: LeaseTable;
  readonly queues: QueueTable;
  sweep(now: number): void;
}

export function memoryLocks(): MemoryLocks {
  const leases = new RowsByLock<Lease>();
  const waiters = new RowsByLock<Waiter>();
  return {
    leases: leaseTable(leases),
    queues: queueTable(waiters),
    sweep(now) {
      leases.removeEverywhere((lease) => !isLive(lease, now));
      waiters.removeEverywhere((waiter) => !isWaiting(waiter, now));
    },
  };
}

const leaseTable = (rows: RowsByLock<Lease>): LeaseTable => ({
  of: (lock) => [...rows.of(lock).values()],
  put: (lock, lease) => rows.put(lock, lease.token, lease),
  renew(lock, token, { now, until }) {
    const lease = rows.of(lock).get(token);
    if (lease === undefined || !isLive(lease, now)) return undefined;
    rows.put(lock, token, { ...lease, expiresAt: until });
    return { asked: lease.asked };
  },
  remove: (lock, token) => rows.remove(lock, token),
});

function queueTable(rows: RowsByLock<Waiter>): QueueTable {
  const change = (lock: Parameters<QueueTable['has']>[0], token: string, to: Partial<Waiter>): void => {
    const waiter = rows.of(lock).get(token);
    if (waiter !== undefined) rows.put(lock, token, { ...waiter, ...to });
  };
  return {
    front: (lock) => firstTwo(rows.of(lock).values()),
    all: (lock) => [...rows.of(lock).values()],
    has: (lock, token) => rows.of(lock).has(token),
    add: (lock, waiter) => rows.put(lock, waiter.token, waiter),
    keep: (lock, token, aliveUntil) => change(lock, token, { aliveUntil }),
    claim: (lock, token, claimUntil) => change(lock, token, { claimUntil }),
    remove: (lock, token) => rows.remove(lock, token),
    purge: (lock, now) => rows.removeWhere(lock, (waiter) => !isWaiting(waiter, now)),
  };
}

/** Without walking through all who wait behind them. */
function firstTwo<T>(values: Iterable<T>): T[] {
  const [first, second] = values;
  return [first, second].filter((value) => value !== undefined);
}
