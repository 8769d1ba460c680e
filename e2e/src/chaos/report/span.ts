import type { History } from '../history/history.js';

/** A time in ms since the beginning of a run. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Ms of the start of the stack that are shown before the load. */
const BEFORE_MS = 2_000;

/** When load and faults began. */
export const loadBegan = ({ events }: History): number =>
  events.find((event) => event.type === 'stage' && event.stage === 'chaos')?.at ?? 0;

/** The last moment that a history tells of, and at least a second after the load began. */
export const endOf = (history: History): number =>
  history.events.reduce((latest, { at }) => Math.max(latest, at), loadBegan(history) + 1_000);

/** What the picture shows, from a whole second on. */
export function shownSpan(history: History): Span {
  const from = Math.max(0, loadBegan(history) - BEFORE_MS);
  return { from: Math.floor(from / 1_000) * 1_000, to: endOf(history) };
}
