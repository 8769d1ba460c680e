import type { TimelineEntry } from '@holdfast/reliable-connector';
import { formatDuration, formatInstant } from './durations.js';
import { renderTable } from './table.js';

/** Answers after which the same call is made again: the last word of an attempt's detail. */
const INDEFINITE = /\b(unknown|not_sent|fenced)$/;

/** The history of a saga as a table; behind each attempt that decided nothing stands when the next one came. */
export function timelineTexts(
  timeline: readonly TimelineEntry[],
  o: { readonly createdAt: number; readonly ended: boolean },
): readonly string[] {
  return renderTable(
    ['time', 'after', 'event', 'node', 'detail', 'next'],
    timeline.map((entry, index) => [
      formatInstant(entry.at),
      `+${formatDuration(entry.at - o.createdAt)}`,
      entry.event,
      entry.step ?? '',
      entry.detail ?? '',
      nextAttempt(timeline, index, o.ended),
    ]),
  );
}

function nextAttempt(timeline: readonly TimelineEntry[], index: number, ended: boolean): string {
  const entry = timeline[index];
  if (entry?.event !== 'attempt' || !INDEFINITE.test(entry.detail ?? '')) return '';
  const next = timeline
    .slice(index + 1)
    .find((later) => later.event === 'attempt' && later.step === entry.step);
  if (next !== undefined) return `again after ${formatDuration(next.at - entry.at)}`;
  return ended ? '' : 'to be made again';
}
