import { codeOf } from './code-of.js';

/**
 * Why a term is over, in words: by its own signal, that of its lease, and that which ends the worker. One that was to hand
 * over may lose its lease before it has.
 */
export function whyOver(o: {
  readonly term: AbortSignal;
  readonly lost: AbortSignal;
  readonly stop: AbortSignal;
}): string {
  const { term, lost, stop } = o;
  if (lost.aborted || codeOf(term.reason) === 'LEASE_LOST') return 'the lease was lost';
  if (!term.aborted) return 'its work ended';
  if (codeOf(stop.reason) === 'JOURNAL_NOT_SHARED') return 'refused: its journal is not that of the group';
  return stop.aborted ? 'stopping' : 'stepping down as asked';
}
