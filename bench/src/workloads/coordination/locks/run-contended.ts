import { setMaxListeners } from 'node:events';
import { nowMs, pause } from '../../../harness/clock.js';
import type { Locker, OpenContender } from '../contenders/contender.js';
import { type CommandCounts, since } from '../redis-counts.js';
import type { ContendedOrder, ContendedReport } from './protocol.js';

let orders = 0;

/** Waiters of one lock who come back at once; what happens before all of them stand in line is not counted. */
export async function runContended(
  o: ContendedOrder,
  {
    open,
    counts,
  }: { readonly open: () => Promise<OpenContender>; readonly counts: () => Promise<CommandCounts> },
): Promise<ContendedReport> {
  orders += 1;
  const connections = await Promise.all(Array.from({ length: o.connections }, open));
  const end = new AbortController();
  // A peer adds a listener for each of its waits, and Node would take many for a leak.
  setMaxListeners(0, end.signal);
  const grants = new Float64Array(o.waiters);
  const lockers = Array.from({ length: o.waiters }, (_, n) => {
    const connection = connections[n % connections.length];
    if (connection === undefined) throw new Error('there is no connection');
    return connection.locker(`contended-${orders}`, end.signal);
  });

  async function waiter(locker: Locker, n: number): Promise<void> {
    while (!end.signal.aborted && (await locker.acquire())) {
      grants[n] = (grants[n] ?? 0) + 1;
      await locker.release();
    }
  }

  const waiting = Promise.all(lockers.map(waiter));
  // A waiter that fails must end the run, not the process.
  const failed = waiting.then(() => undefined);
  await Promise.race([failed, pause(o.warmUpMs)]);
  const before = { grants: grants.slice(), counts: await counts(), at: nowMs() };
  await Promise.race([failed, pause(o.durationMs)]);
  const after = { grants: grants.slice(), counts: await counts(), at: nowMs() };
  end.abort();
  await waiting;
  await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
  return {
    elapsedMs: after.at - before.at,
    grants: after.grants.map((count, n) => count - (before.grants[n] ?? 0)),
    commands: since(before.counts, after.counts),
  };
}
