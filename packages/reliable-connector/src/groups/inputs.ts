import type { SagaRecord } from '../journal/records.js';
import type { Json } from '../json.js';

/** Arguments of `group.create`, as stored. */
export interface CreateInput {
  readonly groupId: string;
  readonly onDeadline: 'abort' | 'forward';
}

/** Arguments of `group.delete` and `group.force-delete`, as stored. */
export interface DeleteInput {
  readonly groupId: string;
  readonly onFailure: 'forward' | 'restore';
}

/** Arguments of `group.fill`, as stored. */
export interface FillInput {
  readonly groupId: string;
  readonly force: boolean;
}

/** Durable notes of a restore: the nodes that hold somebody else's record and are left out (4.5 step 4). */
export interface RestoreMemo {
  readonly except: readonly string[];
}

/**
 * The stored arguments of a saga of this package. They were written by the same definition, whose name the record
 * bears, so their shape is known.
 */
export const inputOf = <T>(saga: SagaRecord): T => saga.input as T;

export function exceptOf(saga: SagaRecord): readonly string[] {
  const memo = saga.memo as Json & Partial<RestoreMemo>;
  return memo?.except ?? [];
}
