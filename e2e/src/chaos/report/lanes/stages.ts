import type { StageEvent } from '../../history/event.js';
import type { History } from '../../history/history.js';
import { time } from '../../judges/verdict.js';
import { inBar } from '../label.js';
import type { Scale } from '../scale.js';
import { barOf, type Lane, name, rect } from './lane.js';
import { failure } from './marks.js';

const ROW = { y: 0, height: 16 };

/** What a stage is until the next one begins. */
const MEANING: Readonly<Record<StageEvent['stage'], readonly string[]>> = {
  chaos: ['load and faults', 'chaos'],
  healed: ['all healed, coming to rest', 'healed'],
  quiet: ['at rest', 'rest'],
  judged: ['judged'],
};

/** The stages of the run itself, and a mark for each trouble. */
export function stages({ events }: History, scale: Scale): Lane {
  const told = events.filter((event): event is StageEvent => event.type === 'stage');
  const spans = told.map(({ stage, at }, place) => ({
    stage,
    from: at,
    to: told[place + 1]?.at ?? scale.to,
  }));
  const bars = spans.map((span) => ({ ...span, bar: barOf(scale, span, ROW) }));
  return {
    height: ROW.height,
    shapes: [
      ...bars.map(({ stage, from, to, bar }) =>
        rect(bar, `stage ${stage}`, `${MEANING[stage][0]}: ${time(from)} to ${time(to)}`),
      ),
      ...events.flatMap((event) =>
        event.type === 'trouble'
          ? [failure(scale, event.at, `${time(event.at)}: ${event.source}: ${event.text}`)]
          : [],
      ),
    ],
    labels: [name('stage', ROW), ...bars.flatMap(({ stage, bar }) => inBar(MEANING[stage], bar, 10))],
  };
}
