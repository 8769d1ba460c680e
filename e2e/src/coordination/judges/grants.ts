import type { Stop } from '../coordination-worker.js';
import type { KeptEntry } from '../guarded-store.js';

/** The time within which the holder of one fence saw that it held. */
interface Span {
  readonly fence: number;
  readonly worker: string;
  readonly mode: 'exclusive' | 'shared';
  from: number;
  to: number;
}

/**
 * What is wrong, in words, with a log of grants of one lock or one election:
 *
 * - two holders of which one is exclusive saw at the same time that they held, or a later fence saw it first. Times are
 *   from before each look and of one clock for all, so no pause excuses this.
 * - in the order of the store, an entry comes after one of a later grant that excludes it, although its worker was not
 *   stopped between its look and its entry.
 * - a fence was given twice.
 */
export function grantsAtOdds(entries: readonly KeptEntry[], stops: readonly Stop[]): string[] {
  const spans = spansOf(entries);
  return [...givenTwice(entries, spans), ...overlapping([...spans.values()]), ...tooLate(entries, stops)];
}

/** Grants in the log, and by how many workers. */
export function grantsIn(entries: readonly KeptEntry[]): {
  readonly grants: number;
  readonly workers: number;
} {
  const spans = [...spansOf(entries).values()];
  return { grants: spans.length, workers: new Set(spans.map(({ worker }) => worker)).size };
}

function spansOf(entries: readonly KeptEntry[]): Map<number, Span> {
  const spans = new Map<number, Span>();
  for (const { fence, worker, mode, at } of entries) {
    const span = spans.get(fence);
    if (!span) spans.set(fence, { fence, worker, mode, from: at, to: at });
    else {
      span.from = Math.min(span.from, at);
      span.to = Math.max(span.to, at);
    }
  }
  return spans;
}

function givenTwice(entries: readonly KeptEntry[], spans: ReadonlyMap<number, Span>): string[] {
  const others = entries.filter(({ fence, worker }) => spans.get(fence)?.worker !== worker);
  return others.map(({ fence, worker }) => `${worker} has fence ${fence} of ${spans.get(fence)?.worker}`);
}

function overlapping(spans: readonly Span[]): string[] {
  const found: string[] = [];
  // The end of all grants so far, and of the exclusive ones among them, in the order of their fences.
  let all: Span | null = null;
  let exclusive: Span | null = null;
  for (const span of spans.toSorted((a, b) => a.fence - b.fence)) {
    const before: Span | null = span.mode === 'exclusive' ? all : exclusive;
    if (before && before.to >= span.from) found.push(`${told(before)} and ${told(span)} at the same time`);
    all = laterOf(all, span);
    if (span.mode === 'exclusive') exclusive = laterOf(exclusive, span);
  }
  return found;
}

function tooLate(entries: readonly KeptEntry[], stops: readonly Stop[]): string[] {
  const found: string[] = [];
  let all = 0;
  let exclusive = 0;
  for (const entry of entries) {
    const excluding = entry.mode === 'exclusive' ? all : exclusive;
    if (entry.fence < excluding && !stops.some((stop) => excuses(stop, entry)))
      found.push(`${told(entry)}, ${entry.what} at ${entry.at}, came after fence ${excluding}`);
    all = Math.max(all, entry.fence);
    if (entry.mode === 'exclusive') exclusive = Math.max(exclusive, entry.fence);
  }
  return found;
}

const excuses = (stop: Stop, entry: KeptEntry): boolean =>
  stop.worker === entry.worker && stop.from <= entry.keptAt && stop.to >= entry.at;

const laterOf = (a: Span | null, b: Span): Span => (a && a.to > b.to ? a : b);

const told = ({ worker, fence, mode }: Pick<Span, 'worker' | 'fence' | 'mode'>): string =>
  `${worker} (${mode}, fence ${fence})`;
