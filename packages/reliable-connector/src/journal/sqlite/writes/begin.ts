import type { BeginInput, BeginResult } from '../../journal.js';
import { beginSaga } from '../../transition.js';
import type { SessionContext } from '../context.js';

/**
 * Within a transaction: PLAN, or the lock alone. The insert itself asks whether the key is held, so the common case costs
 * no look before; the HOT list is looked into only where it has entries.
 */
export function writeBegin(context: SessionContext, input: BeginInput): BeginResult {
  const { tables, owner, own, join } = context;
  const { sagas, row } = tables;
  const known = input.idempotencyKey === undefined ? null : sagas.byIdempotencyKey(input.idempotencyKey);
  if (known !== null) return { kind: 'known', saga: known };
  const now = join.clock.now();
  const token = input.allocate ? row.allocateToken(now) : null;
  const saga = beginSaga(input, { id: row.nextSaga(), owner: owner.id, token, now });
  if (!sagas.insert(saga)) {
    const holder = sagas.holder(input.key ?? '');
    if (holder === null) throw new Error(`the journal neither took nor refused the key ${input.key}`);
    return { kind: 'busy', holder };
  }
  own.put(saga);
  if (input.key === null) return { kind: 'begun', saga, catalog: null, hot: [] };
  return {
    kind: 'begun',
    saga,
    catalog: tables.catalog.get(input.key),
    hot: row.anyHot ? tables.hot.byKey(input.key) : [],
  };
}
