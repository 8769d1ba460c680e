import type { WorkerEvent } from '../history/event.js';
import type { History } from '../history/history.js';
import { workerEvents } from './terms/stops.js';

/** Kills that struck a worker within a term of its own, as far as it had said. */
export function leaderKills(history: History): readonly WorkerEvent[] {
  return workerEvents(history).filter(({ what, id, at }) => {
    if (what !== 'killed') return false;
    const own = history.events.filter((event) => event.type === 'term' && event.id === id && event.at <= at);
    const last = own.at(-1);
    return last?.type === 'term' && last.phase === 'begin';
  });
}
