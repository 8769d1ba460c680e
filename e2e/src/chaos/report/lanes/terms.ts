import type { History } from '../../history/history.js';
import { workerEvents } from '../../judges/terms/stops.js';
import type { Term } from '../../judges/terms/term.js';
import { time } from '../../judges/verdict.js';
import { inBar } from '../label.js';
import { leaderless } from '../leaderless.js';
import type { Scale } from '../scale.js';
import { barOf, type Lane, name, rect } from './lane.js';
import { ARM } from './marks.js';
import { kills, lives, type Row, stops } from './processes.js';

const HEIGHT = 24;
const GAP = 5;
const THIN = 8;
/** How many colours the terms take in turn. */
const HUES = 6;

/** A row for each worker's place: its processes, its terms, its stops and kills. Below: when nobody led. */
export function terms(history: History, acting: readonly Term[], scale: Scale): Lane {
  const told = [...workerEvents(history), ...acting].map(({ worker }) => worker);
  const rows = [...new Set(told)]
    .sort()
    .map((place, n): Row => ({ place, y: n * (HEIGHT + GAP), height: HEIGHT }));
  const without = { y: rows.length * (HEIGHT + GAP) + 2, height: THIN };
  const bars = rows.flatMap((row) => termsOf(row, acting, scale));
  const spans = leaderless(history, acting);
  return {
    height: without.y + THIN,
    shapes: [
      ...rows.flatMap((row) => lives(history, row, scale)),
      ...bars.map(({ bar, kind, title }) => rect(bar, kind, title)),
      ...rows.flatMap((row) => [...stops(history, row, scale), ...kills(history, row, scale)]),
      ...spans.map((span) =>
        rect(barOf(scale, span, without), 'leaderless', `nobody led: ${time(span.from)} to ${time(span.to)}`),
      ),
    ],
    labels: [
      ...rows.map((row) => name(row.place, row)),
      ...bars.flatMap(({ texts, room }) => inBar(texts, room, 10)),
      name('no leader', without),
    ],
  };
}

function termsOf(row: Row, acting: readonly Term[], scale: Scale) {
  return acting.flatMap(({ term, id, worker, from, to, ending }, n) => {
    if (worker !== row.place) return [];
    const bar = barOf(scale, { from, to: to ?? scale.to }, row);
    const end = to === null ? 'until the end' : `until ${time(to)} (${ending})`;
    const title = `term ${n + 1}: ${term}, ${id}, from ${time(from)} ${end}`;
    // A cross at its end takes some of the room.
    const room = ending === 'killed' ? { ...bar, width: bar.width - ARM } : bar;
    return [{ bar, room, kind: `term hue${n % HUES}`, title, texts: [`${n + 1}: ${term}`, String(n + 1)] }];
  });
}
