import type { History } from '../../history/history.js';
import { stopsOf, workerEvents } from '../../judges/terms/stops.js';
import { time } from '../../judges/verdict.js';
import type { Markup } from '../markup.js';
import type { Scale } from '../scale.js';
import { barOf, rect } from './lane.js';
import { cross } from './marks.js';

/** A row of a worker's place. */
export interface Row {
  readonly place: string;
  readonly y: number;
  readonly height: number;
}

/** When the place had a process: a band behind everything else. */
export function lives(history: History, row: Row, scale: Scale): readonly Markup[] {
  const told = workerEvents(history).filter(({ worker }) => worker === row.place);
  return told.flatMap(({ what, id, pid, at }, place) => {
    if (what !== 'started') return [];
    const end = told.slice(place).find((one) => one.id === id && ['killed', 'exited'].includes(one.what));
    const to = end?.at ?? scale.to;
    return [
      rect(barOf(scale, { from: at, to }, row), 'life', `${id} (pid ${pid}): ${time(at)} to ${time(to)}`),
    ];
  });
}

/** When its process stood still: hatched. */
export function stops(history: History, row: Row, scale: Scale): readonly Markup[] {
  const ids = idsOf(history, row);
  return stopsOf(history)
    .filter(({ id }) => ids.has(id))
    .map(({ id, from, to }) => {
      const span = { from, to: Math.min(to, scale.to) };
      return rect(barOf(scale, span, row), 'stop', `${id} stood still: ${time(from)} to ${time(span.to)}`);
    });
}

/** A cross for each kill. */
export function kills(history: History, row: Row, scale: Scale): readonly Markup[] {
  return workerEvents(history)
    .filter(({ worker, what }) => worker === row.place && what === 'killed')
    .map(({ id, at }) => cross(scale.x(at), row.y + row.height / 2, `${id} was killed at ${time(at)}`));
}

const idsOf = (history: History, { place }: Row): ReadonlySet<string> =>
  new Set(
    workerEvents(history)
      .filter(({ worker }) => worker === place)
      .map(({ id }) => id),
  );
