import type { WantedEvent } from '../history/event.js';
import type { History, Verdict } from '../history/history.js';
import { none, time } from './verdict.js';

/** What is known of one id: the last change of it that was acknowledged, and what may have come after it. */
interface Known {
  readonly last: WantedEvent | null;
  /** Some change after the last acknowledged one may or may not have been carried out. */
  readonly mayBeIn: boolean;
  readonly mayBeOut: boolean;
}

/**
 * Acknowledged changes of the wanted set that are not in what the engine says is wanted. One writer makes them one after
 * the other, so a later one of the same id explains an earlier one, and so does a later one whose outcome is unknown.
 */
export function lostChanges({ events, facts }: History): Verdict {
  const ids = new Map<string, Known>();
  for (const event of events) {
    if (event.type !== 'wanted') continue;
    for (const id of event.ids) ids.set(id, after(ids.get(id), event));
  }
  const wanted = new Set(facts.wanted);
  const against = [...ids].flatMap(([id, { last, mayBeIn, mayBeOut }]) => {
    if (last === null) return [];
    const isIn = wanted.has(id);
    const isExplained = isIn === (last.change === 'want') || (isIn ? mayBeIn : mayBeOut);
    return isExplained
      ? []
      : [
          `${time(last.at)}: ${last.change} ${id} was acknowledged and ${isIn ? 'the id is' : 'it is not'} wanted`,
        ];
  });
  return none('wanted changes lost', against);
}

function after(known: Known | undefined, event: WantedEvent): Known {
  const before: Known = known ?? { last: null, mayBeIn: false, mayBeOut: false };
  if (event.outcome === 'failed') return before;
  if (event.outcome === 'done') return { last: event, mayBeIn: false, mayBeOut: false };
  return event.change === 'want' ? { ...before, mayBeIn: true } : { ...before, mayBeOut: true };
}
