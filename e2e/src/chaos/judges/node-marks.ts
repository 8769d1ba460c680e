import type { FaultEvent } from '../history/event.js';
import type { AppliedWrite, History } from '../history/history.js';
import { fenceOf, STALE_FENCE } from './fence.js';

/** A write that its node accepted although it had accepted a higher fence before. */
export interface Overtaken {
  readonly write: AppliedWrite;
  /** The highest fence that the node had accepted. */
  readonly mark: bigint;
}

/** How far before and after its two events a node may have been emptied, ms. */
const SLACK_MS = 100;

/**
 * Follows the highest fence that each node has accepted, in the order of the cluster's log, and finds the writes below
 * it. Whatever is not refused for its fence raises the mark, also where the node had nothing to change. A node that is
 * emptied forgets its fences by design: what came at that moment is not judged, and its mark begins anew.
 *
 * @param lane which writes share a mark on their node, as those of one journal.
 */
export function overtaken(history: History, lane: (scope: string) => string): readonly Overtaken[] {
  const emptied = emptiedSpans(history);
  const marks = new Map<string, { value: bigint; emptied: number }>();
  const found: Overtaken[] = [];
  for (const write of history.facts.writes.toSorted((a, b) => a.seq - b.seq)) {
    const fence = fenceOf(write);
    if (fence === null || write.status === STALE_FENCE) continue;
    const spans = emptied.filter(({ node }) => node === write.node);
    if (spans.some(({ from, to }) => write.at >= from && write.at <= to)) continue;
    const times = spans.filter(({ to }) => to < write.at).length;
    const key = JSON.stringify([write.node, lane(fence.scope)]);
    const mark = marks.get(key);
    if (mark && mark.emptied === times && fence.value < mark.value) found.push({ write, mark: mark.value });
    else marks.set(key, { value: fence.value, emptied: times });
  }
  return found;
}

function emptiedSpans({ events }: History): { node: string; from: number; to: number }[] {
  const faults = events.filter(
    (event): event is FaultEvent => event.type === 'fault' && event.fault === 'node-empty',
  );
  return faults.flatMap(({ phase, n, target, at }) => {
    if (phase === 'end') return [];
    const end = faults.find((other) => other.n === n && other.phase === 'end');
    return [{ node: target, from: at - SLACK_MS, to: (end?.at ?? at) + SLACK_MS }];
  });
}
