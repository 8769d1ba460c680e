import type { WorkerEvent } from '../../history/event.js';
import type { History } from '../../history/history.js';

/** The time in which a worker's process stood still. */
export interface Stop {
  readonly id: string;
  readonly from: number;
  /** Infinity: it was never continued. */
  readonly to: number;
  /** It went on, and was not killed or ended. */
  readonly continued: boolean;
}

export const workerEvents = ({ events }: History): readonly WorkerEvent[] =>
  events.filter((event): event is WorkerEvent => event.type === 'worker');

/** All of them, in the order of their beginning. */
export function stopsOf(history: History): readonly Stop[] {
  const told = workerEvents(history);
  return told.flatMap(({ what, id, at }, place) => {
    if (what !== 'stopped') return [];
    const end = told
      .slice(place + 1)
      .find((other) => other.id === id && ['continued', 'killed', 'exited'].includes(other.what));
    return [{ id, from: at, to: end?.at ?? Number.POSITIVE_INFINITY, continued: end?.what === 'continued' }];
  });
}
