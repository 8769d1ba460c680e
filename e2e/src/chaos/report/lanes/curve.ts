import type { Label } from '../label.js';
import { type Markup, markup } from '../markup.js';
import { round, type Scale } from '../scale.js';
import { type Lane, name } from './lane.js';

const HEIGHT = 38;
const NAME = { y: 4, height: 14 };
const MOST = { y: 20, height: 12 };
const MOST_SIZE = 9.5;

/** Something that happens again and again. */
export interface Series {
  readonly name: string;
  readonly kind: string;
  /** Which way the area grows. Default up. */
  readonly grows?: 'up' | 'down';
  /** When, ms, and how many then. */
  readonly points: readonly { readonly at: number; readonly count: number }[];
}

/** How many there were in each second, as areas of steps to one measure. Where some grow down, the base is in the middle. */
export function curve(title: string, series: readonly Series[], scale: Scale): Lane {
  const counted = series.map((one) => ({ ...one, perSecond: perSecond(one, scale) }));
  const most = counted.reduce((high, { perSecond: all }) => all.reduce((a, b) => Math.max(a, b), high), 0);
  const height = series.some(({ grows }) => grows === 'down') ? HEIGHT / 2 : HEIGHT;
  const y = round(MOST.y + MOST.height / 2 + MOST_SIZE * 0.35);
  const label: Label = {
    ...{ text: `at most ${most}`, x: name('', MOST).x, y, size: MOST_SIZE },
    ...{ anchor: 'end', kind: 'soft' },
  };
  return {
    height: HEIGHT,
    shapes: counted.map((one) => area(one, { most, height, scale })),
    labels: [name(title, NAME), label],
  };
}

/** Of each second that is shown. */
function perSecond({ points }: Series, { from, to }: Scale): readonly number[] {
  const counts = Array.from({ length: Math.ceil((to - from) / 1_000) }, () => 0);
  for (const { at, count } of points) {
    const second = Math.floor((at - from) / 1_000);
    if (second >= 0 && second < counts.length) counts[second] = (counts[second] ?? 0) + count;
  }
  return counts;
}

function area(
  { name: what, kind, grows, perSecond: counts }: Series & { readonly perSecond: readonly number[] },
  { most, height, scale }: { readonly most: number; readonly height: number; readonly scale: Scale },
): Markup {
  const unit = most === 0 ? 0 : (grows === 'down' ? -height : height) / most;
  const steps = counts.map(
    (count, second) => `V${round(height - count * unit)}H${scale.x(scale.from + (second + 1) * 1_000)}`,
  );
  const outline = `M${scale.x(scale.from)} ${height}${steps.join('')}V${height}Z`;
  const total = counts.reduce((a, b) => a + b, 0);
  return markup`<path class="area ${kind}" d="${outline}"><title>${`${what}: ${total} in all`}</title></path>`;
}
