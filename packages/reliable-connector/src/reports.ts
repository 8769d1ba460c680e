import type { SagaRecord } from './journal/records.js';
import type { Verb } from './nodes/answer.js';
import type { Outcome } from './outcome.js';

/** `getGroup`: per-node existence. */
export interface GroupReport {
  readonly groupId: string;
  /** `present`, `absent`, `unknown` (no usable answer within the deadline), or `pending` while an unfinished saga holds the id. */
  readonly nodes: Readonly<Record<string, 'present' | 'absent' | 'unknown' | 'pending'>>;
  /** Per node with the extension `timestamp`: the record's version. */
  readonly timestamps: Readonly<Record<string, number | null>>;
  /** The unfinished saga that holds the id; null: none. */
  readonly pendingSaga: number | null;
}

/** `stats`, as the origin's: two readings must agree before the cluster is called inconsistent (4.10). */
export interface StatsReport {
  readonly consistent: boolean;
  /** Node → number of groups. */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * One difference that `verify` found and found again under the id's lock (4.10). `pending`: an unfinished saga holds
 * the id. `missing`: the catalog has it, the node does not. `foreign`: a record that this journal did not write.
 * `wrong_version`: another version than the catalog's. `unknown`: the node gave no usable answer.
 */
export interface Difference {
  readonly groupId: string;
  readonly node: string;
  readonly kind: 'pending' | 'missing' | 'foreign' | 'wrong_version' | 'unknown';
  readonly expected: number | null;
  readonly found: number | null;
}

export interface VerifyReport {
  /** Ids compared. */
  readonly checked: number;
  readonly clean: boolean;
  readonly differences: readonly Difference[];
}

export interface RepairOptions {
  /** Default: the ids with a difference that `verify` finds. */
  readonly ids?: Iterable<string | number>;
  /** Default: `fill` where the catalog says committed, nothing elsewhere. */
  readonly direction?: 'fill' | 'remove';
  /** Plans, sends nothing. Default false. */
  readonly dryRun?: boolean;
  /** Also touches records that this journal did not write. Default false. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

export interface RepairItem {
  readonly groupId: string;
  readonly action: 'fill' | 'remove' | 'none';
  readonly differences: readonly Difference[];
  /** Absent for `none` and in a dry run. */
  readonly outcome?: Outcome;
}

export interface RecoverReport {
  /** Sagas taken over in this pass. */
  readonly adopted: number;
  /** Of those: ended. */
  readonly ended: number;
  /** Sagas or repeats that only wait for Q to be over (4.6), with the ms that are left. */
  readonly waiting: readonly {
    readonly groupId: string;
    readonly sagaId: number | null;
    readonly node: string | null;
    readonly waitMs: number;
  }[];
  readonly parked: readonly ParkedSaga[];
  /** Held by a live owner: not ours to take. */
  readonly held: number;
}

export interface ParkedSaga {
  readonly sagaId: number;
  readonly definition: string;
  /** The key that it locks: for a group saga the group's id. */
  readonly groupId: string | null;
  /** The step that blocks: for a group saga the node's name. */
  readonly node: string;
  readonly why: string;
  /** Ms since it was parked. */
  readonly ageMs: number;
}

/** `plan`: one call that an operation would make if every node answered at once. */
export interface PlannedCall {
  /** Calls of one stage go out together. */
  readonly stage: number;
  readonly node: string;
  readonly verb: Verb;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly why: string;
}

/** `status` and `sagas`: a saga as the journal holds it, and whether somebody works on it. */
export interface SagaReport extends SagaRecord {
  /** Its owner's process lives; false also for an ended saga. */
  readonly ownerAlive: boolean;
  /** For display only. */
  readonly ownerPid: number | null;
}
