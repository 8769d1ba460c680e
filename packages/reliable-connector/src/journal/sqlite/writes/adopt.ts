import { outranks } from '../../leadership.js';
import type { OwnerRecord, SagaRecord, TimelineEntry } from '../../records.js';
import { adoptSaga } from '../../transition.js';
import type { SessionContext } from '../context.js';
import { isLocked, removeDeadLock } from '../owner-lock.js';

/** Why a saga may be had (4.6): nobody works on it, or its live owner is outranked. */
export interface Claim {
  /** Owner and epoch as they were seen; another one by now: not to be had. */
  readonly owner: number | null;
  readonly epoch: number;
  /** The dead owner, whose row goes with its last saga. */
  readonly dead: OwnerRecord | null;
  /** A live owner is superseded: the fence rises again in the same transaction. */
  readonly raisesFence: boolean;
}

/** Before the transaction: looks who owns the saga and whether it lives. null: not to be had. */
export function claim(
  context: SessionContext,
  id: number,
  epochSeen: number,
  supersede: boolean,
): Claim | null {
  const { tables, owner, driver, owners } = context;
  const saga = tables.sagas.byId(id);
  if (saga?.epoch !== epochSeen || saga.phase === 'ended') return null;
  const seen = { owner: saga.owner, epoch: saga.epoch };
  const holder = saga.owner === null || saga.owner === owner.id ? null : tables.owners.get(saga.owner);
  if (holder === null) return { ...seen, dead: null, raisesFence: false };
  if (!isLocked(driver, owners, holder.uuid)) return { ...seen, dead: holder, raisesFence: false };
  return supersede && outranks(owner.term, holder.term) ? { ...seen, dead: null, raisesFence: true } : null;
}

/** Within a transaction: the adoption. null: somebody was faster. */
export function writeAdopt(
  context: SessionContext,
  id: number,
  seen: Claim,
  timeline: readonly TimelineEntry[],
): SagaRecord | null {
  const { tables, owner, own } = context;
  const saga = tables.sagas.byId(id);
  if (saga === null) return null;
  const adopted = adoptSaga(saga, owner.id, timeline);
  if (saga.phase === 'ended' || !tables.sagas.update(adopted, { owner: seen.owner, epoch: seen.epoch }))
    return null;
  own.put(adopted);
  if (seen.raisesFence) tables.row.fence = { ...tables.row.fence, fence: tables.row.fence.fence + 1n };
  if (seen.dead !== null) forgetDead(context, seen.dead);
  return adopted;
}

/** A dead owner's lock file may go at once: without it the owner is as dead as before. */
function forgetDead({ tables, owners }: SessionContext, dead: OwnerRecord): void {
  if (tables.sagas.busyOwners().has(dead.id)) return;
  tables.owners.delete(dead.id);
  removeDeadLock(owners, dead.uuid);
}
