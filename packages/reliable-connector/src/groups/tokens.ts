import type { SagaRecord } from '../journal/records.js';

/** The token that a saga places; allocated by its PLAN or ABORT. */
export function ownToken(saga: SagaRecord): number {
  if (saga.token === null) throw new Error(`saga ${saga.id} has no token of its own`);
  return saga.token;
}

/** The version that a saga removes or fills in; named by its PLAN. */
export function priorToken(saga: SagaRecord): number {
  if (saga.prior === null) throw new Error(`saga ${saga.id} names no version`);
  return saga.prior;
}
