import type { NodeResult, Outcome } from '@holdfast/reliable-connector';

/** What the CLI can do to one id. */
export type Operation = 'create' | 'delete' | 'fill' | 'remove';

/**
 * How one item ended for the user: the connector's outcomes, and three of the CLI's own. `ensured`: it was already in
 * the wanted state and `--ensure` takes that as done. `left`: begun and written down, but this process cannot tell its
 * end. `failed`: it was not begun, its id or the journal does not allow it.
 */
export type ItemStatus = Outcome['status'] | 'ensured' | 'left' | 'failed';

/** Every status, in the order in which counts are told. */
export const ITEM_STATUSES: readonly ItemStatus[] = [
  'committed',
  'ensured',
  'rejected',
  'compensated',
  'in_doubt',
  'parked',
  'left',
  'failed',
];

/** One item that has come to an end, as far as this command is concerned. */
export interface ItemReport {
  readonly operation: Operation;
  readonly groupId: string;
  readonly status: ItemStatus;
  readonly sagaId: number | null;
  readonly reason: string | null;
  readonly direction: 'forward' | 'abort' | null;
  readonly hint: string | null;
  /** Committed, with a DELETE that has to be repeated once no late request can be alive. */
  readonly waitsForLag: boolean;
  readonly nodes: Readonly<Record<string, NodeResult>>;
  /** Why it failed or was left; null otherwise. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Ms from its start to its end. */
  readonly ms: number;
}

/** Whether the item is as the user wants it. */
export function isDone(status: ItemStatus): boolean {
  return status === 'committed' || status === 'ensured';
}

/** The report of an outcome. */
export function reportOutcome(
  operation: Operation,
  groupId: string,
  outcome: Outcome,
  ms: number,
): ItemReport {
  return {
    operation,
    groupId,
    status: outcome.status,
    sagaId: outcome.sagaId,
    reason: outcome.reason ?? null,
    direction: outcome.direction ?? null,
    hint: outcome.hint ?? null,
    waitsForLag: outcome.status === 'committed' && outcome.settled !== undefined,
    nodes: outcome.nodes,
    error: null,
    ms,
  };
}

/** The report of a call that threw. `left` where the journal may have the saga, else `failed`. */
export function reportError(
  operation: Operation,
  groupId: string,
  error: { readonly code: string; readonly message: string },
  ms: number,
): ItemReport {
  return {
    operation,
    groupId,
    status: MAY_HAVE_BEGUN.has(error.code) ? 'left' : 'failed',
    sagaId: null,
    reason: null,
    direction: null,
    hint: null,
    waitsForLag: false,
    nodes: {},
    error,
    ms,
  };
}

/** After these the saga may stand in the journal, unfinished. */
const MAY_HAVE_BEGUN: ReadonlySet<string> = new Set(['CLOSED', 'DEPOSED', 'JOURNAL_STOPPED']);
