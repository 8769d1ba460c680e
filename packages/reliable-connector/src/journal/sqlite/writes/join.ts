import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { otherCluster, sameNodes } from '../../binding.js';
import type { JoinOptions } from '../../journal.js';
import { joinFence } from '../../leadership.js';
import type { OwnerRecord } from '../../records.js';
import type { JournalContext } from '../context.js';
import { isLocked, lockFiles, removeDeadLock } from '../owner-lock.js';

/**
 * Within a transaction: a connector opens (4.3, 4.6, 4.7). Its lock is taken here, under the journal's write lock: so no
 * lock file is ever without its row when another process looks for leftovers.
 */
export function writeJoin(
  context: JournalContext,
  o: JoinOptions,
  takeLock: (uuid: string) => void,
): OwnerRecord {
  const { tables, options, path } = context;
  const bound = tables.nodes.read();
  if (bound !== null && !sameNodes(bound, o.nodes)) throw otherCluster(`the journal ${path}`, bound, o.nodes);
  const fence = joinFence(tables.row.fence, o.term);
  if (bound === null) tables.nodes.replace(o.nodes);
  if (o.term !== null) tables.row.fence = fence;
  restartWaits(context, o);
  const cleaned = cleanOwners(context);
  if (cleaned > 0) options.logger.info({ path, cleaned }, 'removed what dead owners left behind');
  const owner: OwnerRecord = {
    id: tables.row.nextOwner(),
    uuid: randomUUID(),
    pid: process.pid,
    host: hostname(),
    term: o.term,
    openedAt: o.clock.now(),
    released: false,
  };
  takeLock(owner.uuid);
  tables.owners.insert(owner);
  return owner;
}

/** Monotonic time began anew with the boot: what was to be waited for is waited for in full once more. */
function restartWaits({ tables, options }: JournalContext, o: JoinOptions): void {
  if (options.bootId !== null && tables.row.bootId === options.bootId) return;
  tables.hot.restartWaits(o.clock.monotonic() + o.maxServerLagMs);
  tables.row.bootId = options.bootId;
}

/** Drops dead owners that have no unfinished saga, and lock files that have no owner. */
function cleanOwners({ tables, driver, owners }: JournalContext): number {
  const busy = tables.sagas.busyOwners();
  const kept = new Set<string>();
  const dropped: string[] = [];
  for (const owner of tables.owners.all()) {
    if (busy.has(owner.id) || isLocked(driver, owners, owner.uuid)) kept.add(owner.uuid);
    else {
      tables.owners.delete(owner.id);
      dropped.push(owner.uuid);
    }
  }
  const strays = lockFiles(owners).filter((uuid) => !kept.has(uuid) && !dropped.includes(uuid));
  const gone = [...dropped, ...strays.filter((uuid) => !isLocked(driver, owners, uuid))];
  for (const uuid of gone) removeDeadLock(owners, uuid);
  return gone.length;
}
