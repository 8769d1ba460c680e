import type { ColourEvent } from '../../history/event.js';
import type { History } from '../../history/history.js';
import { time } from '../../judges/verdict.js';
import { inBar } from '../label.js';
import type { Markup } from '../markup.js';
import type { Scale } from '../scale.js';
import type { Span } from '../span.js';
import { barOf, type Lane, name, rect } from './lane.js';
import { backwards } from './marks.js';

const ACTIVE = { y: 0, height: 16 };
const PHASE = { y: 19, height: 10 };

/** Which colour is active; below, the phases of a switch in the colour that it goes to, and where it was called back. */
export function colours({ events }: History, scale: Scale): Lane {
  const told = events.filter((event): event is ColourEvent => event.type === 'colour');
  const actives = spansOf(
    told.filter(({ active }, place) => active !== told[place - 1]?.active),
    scale,
  ).map((span, place) => {
    // An announcement changes nothing yet: before the first one the engine had that colour already.
    const from = place === 0 && span.event.phase === 'announced' ? scale.from : span.from;
    return { ...span, from, bar: barOf(scale, { from, to: span.to }, ACTIVE) };
  });
  return {
    height: PHASE.y + PHASE.height,
    shapes: [
      ...actives.map(({ event: { active }, from, to, bar }) =>
        rect(bar, `colour ${active}`, `${active} is active: ${time(from)} to ${time(to)}`),
      ),
      ...spansOf(told, scale).flatMap((span) => phase(span, scale)),
      ...told.flatMap((event, place) => back(event, told[place - 1], scale)),
    ],
    labels: [
      name('engine', ACTIVE),
      name('switch', PHASE),
      ...actives.flatMap(({ event, bar }) => inBar([event.active], bar, 10)),
    ],
  };
}

interface ColourSpan extends Span {
  readonly event: ColourEvent;
}

const spansOf = (events: readonly ColourEvent[], scale: Scale): readonly ColourSpan[] =>
  events.map((event, place) => ({ event, from: event.at, to: events[place + 1]?.at ?? scale.to }));

function phase({ event, from, to }: ColourSpan, scale: Scale): readonly Markup[] {
  if (event.next === null) return [];
  const title = `${event.phase}, to ${event.next}: ${time(from)} to ${time(to)}`;
  return [rect(barOf(scale, { from, to }, PHASE), `phase ${event.phase} ${event.next}`, title)];
}

function back(event: ColourEvent, before: ColourEvent | undefined, scale: Scale): readonly Markup[] {
  const { at, next } = event;
  if (next === null || !before?.next || before.next === next) return [];
  const title = `called back to ${next} at ${time(at)}`;
  return [backwards(scale.x(at), PHASE.y + PHASE.height / 2, title)];
}
