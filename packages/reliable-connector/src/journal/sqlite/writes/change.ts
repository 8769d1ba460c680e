import type { SagaChange, SagaRef } from '../../journal.js';
import type { HotEntry, SagaRecord, TimelineEntry } from '../../records.js';
import { allocatesToken, changeSaga, checkChange } from '../../transition.js';
import type { SessionContext } from '../context.js';

/** Within a transaction: one durable step of a saga. null: deposed, nothing was written. */
export function writeChange(
  context: SessionContext,
  ref: SagaRef,
  change: SagaChange,
  timeline: readonly TimelineEntry[],
): SagaRecord | null {
  const { tables, owner, own, join } = context;
  const saga = own.get(ref.id) ?? tables.sagas.byId(ref.id);
  // A saga that this epoch has ended gets no further change; `checkChange` says so.
  if (saga?.epoch !== ref.epoch || (saga.owner !== owner.id && saga.phase !== 'ended')) return null;
  checkChange(saga, change);
  const now = join.clock.now();
  const token = allocatesToken(change) ? tables.row.allocateToken(now) : null;
  const next = changeSaga(saga, change, { token, now, timeline });
  if (!tables.sagas.update(next, { owner: owner.id, epoch: ref.epoch })) {
    own.drop(ref.id);
    return null;
  }
  own.put(next);
  if (change.type === 'retoken') heat(context, change.hot);
  if (change.type === 'end') {
    heat(context, change.hot);
    settleCatalog(context, saga, change, now);
  }
  return next;
}

function heat({ tables }: SessionContext, entries: readonly HotEntry[]): void {
  if (entries.length === 0) return;
  tables.hot.add(entries);
  tables.row.sawHot();
}

function settleCatalog(
  { tables }: SessionContext,
  saga: SagaRecord,
  end: Extract<SagaChange, { type: 'end' }>,
  now: number,
): void {
  if (end.catalog === undefined || saga.key === null) return;
  if ('set' in end.catalog) tables.catalog.set(saga.key, end.catalog.set, now);
  else tables.catalog.delete(saga.key, end.catalog.deleteToken);
}
