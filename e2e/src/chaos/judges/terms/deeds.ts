import type { FaultEvent } from '../../history/event.js';
import type { AppliedWrite, History } from '../../history/history.js';
import { fenceOf } from '../fence.js';

/** A write that changed a node, and the term that it was sent in. */
export interface Deed {
  readonly at: number;
  readonly term: bigint;
  readonly write: AppliedWrite;
}

/** Faults under which a node may carry a request out long after it was sent. */
const HOLDING_BACK: readonly string[] = ['node-errors', 'node-hang', 'node-stall', 'node-cut'];

/**
 * What the leaders did, from the nodes' own log: a worker's word that it has run tells of writes that may have been
 * carried out long before. A write belongs to the highest known term that its fence is not below. Ids that a `job`
 * command names are left out, since it writes with the leader's fence.
 */
export function deedsOf(history: History, terms: readonly bigint[]): readonly Deed[] {
  const known = terms.toSorted((a, b) => (a < b ? 1 : -1));
  const named = new Set(
    history.events
      .flatMap((event) => (event.type === 'command' ? event.args : []))
      .flatMap((arg) => arg.split(',')),
  );
  return history.facts.writes.flatMap((write) => {
    const value = fenceOf(write)?.value;
    if (value === undefined || write.applied === 'none' || named.has(write.groupId)) return [];
    const term = known.find((one) => one <= value);
    return term === undefined ? [] : [{ at: write.at, term, write }];
  });
}

/** Whether a node may have held a request back that was sent by `sentBy`. */
export type HeldBack = (deed: Deed, sentBy: number) => boolean;

/** Asks the faults of the run; one without an end lasts. */
export function heldBackIn({ events }: History): HeldBack {
  const faults = events.filter((event): event is FaultEvent => event.type === 'fault');
  const ends = new Map(faults.filter(({ phase }) => phase === 'end').map(({ n, at }) => [n, at]));
  const spans = faults
    .filter(({ phase, fault }) => phase === 'begin' && HOLDING_BACK.includes(fault))
    .map(({ n, target, at }) => ({ node: target, from: at, to: ends.get(n) ?? Number.POSITIVE_INFINITY }));
  return ({ write, at }, sentBy) =>
    spans.some(({ node, from, to }) => node === write.node && from <= at && to >= sentBy);
}
