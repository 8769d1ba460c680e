import type { ElectedEvent, TermEvent } from '../history/event.js';
import type { History, Verdict } from '../history/history.js';
import { overtaken } from './node-marks.js';
import { actingTerms } from './terms/acting.js';
import type { Term } from './terms/term.js';
import { none, time } from './verdict.js';

/**
 * Whether one led at a time: terms that the backend tells rise and have one leader each; no two workers could act at
 * once; and no node took a write of a lower term after one of a higher term, of whichever journal.
 *
 * All times are of the host's wall clock in whole ms. Rounding keeps the order, so no tolerance is needed.
 */
export function overlappingTerms(history: History): Verdict {
  return none('overlapping terms', [
    ...notRising(history),
    ...twoLeaders(history),
    ...atOnce(actingTerms(history)),
    ...overtaken(history, () => '').map(
      ({ write, mark }) =>
        `${time(write.at)}: ${write.node} took a write of ${write.fence} after one of ${mark}`,
    ),
  ]);
}

/** The backend's word; the same term may be told again to an observer that lost its connection. */
function notRising({ events }: History): string[] {
  const found: string[] = [];
  let last: ElectedEvent | null = null;
  for (const event of events) {
    if (event.type !== 'elected') continue;
    const isToldAgain = last !== null && last.term === event.term && last.id === event.id;
    if (last !== null && !isToldAgain && BigInt(event.term) <= BigInt(last.term))
      found.push(`${time(event.at)}: ${event.id} was elected under ${event.term}, not above ${last.term}`);
    else last = event;
  }
  return found;
}

/** Whoever tells of it, a term has one leader. */
function twoLeaders({ events }: History): string[] {
  const told = events.filter(
    (event): event is ElectedEvent | TermEvent => event.type === 'elected' || event.type === 'term',
  );
  const leaders = new Map<string, string>();
  const found = new Set<string>();
  for (const { term, id, at } of told) {
    const leader = leaders.get(term);
    if (leader === undefined) leaders.set(term, id);
    else if (leader !== id) found.add(`${time(at)}: ${id} has term ${term} of ${leader}`);
  }
  return [...found];
}

/** The terms in the order of their beginnings. */
function atOnce(terms: readonly Term[]): string[] {
  const found: string[] = [];
  let longest: Term | null = null;
  for (const term of terms) {
    if (longest && term.from < endOf(longest))
      found.push(
        `${time(term.from)}: ${told(term)} began while ${told(longest)} could act` +
          (longest.to === null ? ', which has not ended' : `, until ${time(longest.to)}`),
      );
    if (!longest || endOf(term) > endOf(longest)) longest = term;
  }
  return found;
}

const endOf = ({ to }: Term): number => to ?? Number.POSITIVE_INFINITY;

const told = ({ term, id }: Term): string => `${id} (term ${term})`;
