import { ReliableConnectorError } from '../errors.js';

/** SQLite's integers are signed; a fence above could not be stored. */
const MAX_TERM = 2n ** 63n - 2n;

/** The journal's fence counter and the highest term that it has seen (4.7). */
export interface FenceState {
  readonly fence: bigint;
  readonly term: bigint | null;
}

/**
 * The state after a connector joins: under leadership the fence becomes max(counter + 1, term) and the term is recorded;
 * without, nothing changes. Throws `LEADERSHIP_STALE` for a lower term than one seen before.
 */
export function joinFence(state: FenceState, term: bigint | null): FenceState {
  if (term === null) return state;
  if (term < 0n || term > MAX_TERM)
    throw new ReliableConnectorError('INVALID_ARGUMENT', `term is ${term}; give 0 to ${MAX_TERM}`);
  if (state.term !== null && term < state.term)
    throw new ReliableConnectorError(
      'LEADERSHIP_STALE',
      `term ${term} is over: the journal has been led by term ${state.term}; stand for election again`,
    );
  const next = state.fence + 1n;
  return { fence: next > term ? next : term, term };
}

/** Whether a session of `term` may take sagas from a live owner of `owner` (4.6); an owner without leadership is lower. */
export function outranks(term: bigint | null, owner: bigint | null): boolean {
  return term !== null && (owner === null || owner < term);
}
