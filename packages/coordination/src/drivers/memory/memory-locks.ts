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
  return {
    front: (lock) => firstTwo(rows.of(lock).values()),
    all: (lock) => [...rows.of(lock).values()],
    add: (lock, waiter) => rows.put(lock, waiter.token, waiter),
    keep(lock, token, { now, until }) {
      const waiter = rows.of(lock).get(token);
      if (waiter === undefined || !isWaiting(waiter, now)) return false;
      rows.put(lock, token, { ...waiter, aliveUntil: until });
      return true;
    },
    claim(lock, token, claimUntil) {
      const waiter = rows.of(lock).get(token);
      if (waiter !== undefined) rows.put(lock, token, { ...waiter, claimUntil });
    },
    remove: (lock, token) => rows.remove(lock, token),
  };
}

/** Without walking through all who wait behind them. */
function firstTwo<T>(values: Iterable<T>): T[] {
  const [first, second] = values;
  return [first, second].filter((value) => value !== undefined);
}
