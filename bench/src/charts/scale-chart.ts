import type { Curve, CurvePoint, CurveSeries } from '../fit/curve.js';
import { draw } from './draw.js';
import { logAxis, plain } from './log-axis.js';
import { Plot } from './plot.js';
import { FAINT, LINES } from './theme.js';

const WIDTH = 760;
const HEIGHT = 360;
const CHARACTER = 7;

interface Placed extends CurvePoint {
  readonly name: string;
  readonly colour: string;
}

/** How a cost grows, on logarithmic axes: what is linear is as steep as the dashed line. */
export function scaleChart(curve: Curve): string {
  const placed = curve.series.flatMap(({ name, points }, i): readonly Placed[] =>
    points.map((point) => ({ ...point, name, colour: LINES[i % LINES.length] ?? FAINT })),
  );
  const x = logAxis(
    placed.map(({ n }) => n),
    10,
  );
  const y = logAxis(
    placed.flatMap(({ least, most }) => [least, most]),
    10,
  );
  const last = curve.series.flatMap(({ name }) => placed.filter((one) => one.name === name).at(-1) ?? []);
  return draw({
    title: `${curve.what}, by ${curve.axis}`.replaceAll('`', ''),
    subtitle: curve.series.flatMap(growthText).join(' · '),
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 64,
    marginRight: 30 + Math.max(...last.map(({ name }) => name.length)) * CHARACTER,
    marginBottom: 44,
    x: { type: 'log', ...x, label: curve.axis, labelAnchor: 'center', tickFormat: plain, grid: true },
    y: { type: 'log', ...y, label: curve.unit, labelAnchor: 'center', tickFormat: plain, grid: true },
    marks: [
      Plot.line(linear(placed, y.domain), {
        x: ([n]) => n,
        y: ([, cost]) => cost,
        stroke: FAINT,
        strokeDasharray: '3 4',
        strokeOpacity: 0.8,
      }),
      Plot.ruleX(placed, {
        x: ({ n }) => n,
        y1: ({ least }) => least,
        y2: ({ most }) => most,
        stroke: ({ colour }) => colour,
        strokeWidth: 5,
        strokeOpacity: 0.3,
      }),
      Plot.line(placed, {
        x: ({ n }) => n,
        y: ({ cost }) => cost,
        z: ({ name }) => name,
        stroke: ({ colour }) => colour,
        strokeWidth: 2,
      }),
      Plot.dot(placed, { x: ({ n }) => n, y: ({ cost }) => cost, fill: ({ colour }) => colour, r: 4 }),
      Plot.text(apart(last, y.domain), {
        x: ({ n }) => n,
        y: ({ labelAt }) => labelAt,
        text: ({ name }) => name,
        dx: 10,
        textAnchor: 'start',
        fontSize: 12,
        fill: ({ colour }) => colour,
      }),
    ],
  });
}

/** `holdfast: linear, k = 0.98 at the end`. */
function growthText({ name, growth }: CurveSeries): readonly string[] {
  return growth === null
    ? []
    : [`${name}: ${growth.shape}, k = ${growth.lastExponent.toFixed(2)} at the end`];
}

/** A line that is linear, from the least cost of the smallest size, as far as it stays within the picture. */
function linear(
  placed: readonly Placed[],
  [, top]: readonly [number, number],
): readonly (readonly [number, number])[] {
  const sizes = placed.map(({ n }) => n);
  const [start] = placed.filter(({ n }) => n === Math.min(...sizes)).toSorted((a, b) => a.cost - b.cost);
  if (start === undefined) return [];
  const end = Math.min(Math.max(...sizes), (start.n * top) / start.cost);
  return [
    [start.n, start.cost],
    [end, (start.cost * end) / start.n],
  ];
}

/** Labels that would lie upon each other are moved up, the lower ones first. */
function apart(
  last: readonly Placed[],
  [low, high]: readonly [number, number],
): readonly (Placed & { readonly labelAt: number })[] {
  const step = (high / low) ** (16 / HEIGHT);
  let below = 0;
  return last
    .toSorted((a, b) => a.cost - b.cost)
    .map((one) => {
      const labelAt = Math.max(one.cost, below * step);
      below = labelAt;
      return { ...one, labelAt };
    });
}
