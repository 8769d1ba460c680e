import type { SagaRecord } from '../../records.js';
import { resolveSaga } from '../../transition.js';
import type { SessionContext } from '../context.js';

/** What an operator says of a parked step. */
export interface Resolution {
  readonly step: string;
  readonly how: 'done' | 'retry';
  readonly by: string;
}

/** Within a transaction: RESOLVED. null: there is nothing parked to resolve. */
export function writeResolve(
  { tables, own, join }: SessionContext,
  id: number,
  resolution: Resolution,
): SagaRecord | null {
  const saga = tables.sagas.byId(id);
  const next = saga && resolveSaga(saga, { ...resolution, now: join.clock.now() });
  if (saga === null || next === null || !tables.sagas.update(next, saga)) return null;
  own.drop(id);
  return next;
}
