import { codeOf } from './code-of.js';

/** Why a term is over, in words: by its own signal, and that which ends the worker. */
export function whyOver(term: AbortSignal, stop: AbortSignal): string {
  if (!term.aborted) return 'its work ended';
  if (codeOf(term.reason) === 'LEASE_LOST') return 'the lease was lost';
  if (codeOf(stop.reason) === 'JOURNAL_NOT_SHARED') return 'refused: its journal is not that of the group';
  return stop.aborted ? 'stopping' : 'stepping down as asked';
}
