import type { ColourEvent } from '../history/event.js';
import type { History } from '../history/history.js';

/**
 * Beginnings of a switch, a switch back among them: the engine goes to another colour than it was going to. One that was
 * over between two looks at the engine shows by its active colour.
 */
export function switchesIn({ events }: History): readonly ColourEvent[] {
  let before: ColourEvent | null = null;
  return events.filter((event): event is ColourEvent => {
    if (event.type !== 'colour') return false;
    const last = before;
    before = event;
    if (event.next !== null) return event.next !== last?.next;
    return last !== null && last.next === null && last.active !== event.active;
  });
}
