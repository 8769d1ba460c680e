import { draw } from './draw.js';
import { logAxis, plain } from './log-axis.js';
import { type Mark, Plot } from './plot.js';
import { FAINT } from './theme.js';

/** One line of dots. */
export interface Row {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** At the right edge. */
  readonly told: string;
  readonly colour: string;
  /** Drawn as a cross instead of a dot. */
  readonly crossed: boolean;
  /** A limit on this row. */
  readonly limit?: number | undefined;
}

export interface RowsChart {
  readonly title: string;
  readonly subtitle: string;
  readonly axis: string;
  readonly rows: readonly Row[];
}

const WIDTH = 1_000;
const ROW_HEIGHT = 21;
const CHARACTER = 6.1;
const MOST_CHARACTERS = 76;
/** Marks the middle of the axis: as much as what it is held against. */
const ONE = 1;
/** Of logarithmic axes, so that noise does not fill them. */
const LEAST_SPAN = 10;
/** A spread that leads far out would press all others together. */
const FARTHEST = 1_000;

/** Figures one below the other on one logarithmic axis around 1, each with its spread and its limit. */
export function rowsChart({ title, subtitle, axis, rows }: RowsChart): string {
  const placed = rows
    .filter(({ value }) => value > 0 && Number.isFinite(value))
    .map((row, n) => ({ ...row, key: `${n}`, label: shortened(row.label) }));
  const inner = placed.flatMap(({ value, limit }) => [value, limit ?? value]);
  const [low, high] = [Math.min(ONE, ...inner), Math.max(ONE, ...inner)];
  const within = (value: number): boolean => value > low / FARTHEST && value < high * FARTHEST;
  const x = logAxis(
    [ONE, ...inner, ...placed.flatMap(({ least, most }) => [least, most]).filter(within)],
    LEAST_SPAN,
  );
  const clamp = (value: number): number => Math.min(Math.max(value, x.domain[0]), x.domain[1]);
  const longest = Math.max(0, ...placed.map(({ label }) => label.length));
  const marginLeft = 24 + longest * CHARACTER;
  const told = Math.max(0, ...placed.map((row) => row.told.length));
  return draw({
    title,
    subtitle,
    width: WIDTH,
    height: placed.length * ROW_HEIGHT + 50,
    marginLeft,
    marginRight: 24 + told * CHARACTER,
    marginBottom: 44,
    x: { type: 'log', ...x, label: axis, labelAnchor: 'center', tickFormat: plain, grid: true },
    y: { type: 'point', domain: placed.map(({ key }) => key), axis: null, label: null },
    marks: [
      Plot.ruleX([ONE], { stroke: FAINT, strokeWidth: 1.5 }),
      Plot.ruleY(placed, {
        y: ({ key }) => key,
        x1: ({ least, value }) => clamp(Math.min(least, value)),
        x2: ({ most, value }) => clamp(Math.max(most, value)),
        stroke: ({ colour }) => colour,
        strokeWidth: 5,
        strokeOpacity: 0.3,
      }),
      Plot.dot(
        placed.filter(({ limit }) => limit !== undefined),
        {
          ...{ x: ({ limit }: Row) => limit, y: ({ key }: { key: string }) => key },
          symbol: 'diamond',
          stroke: 'currentColor',
          r: 5,
        },
      ),
      ...dots(placed.filter(({ crossed }) => !crossed)),
      ...crosses(placed.filter(({ crossed }) => crossed)),
      Plot.text(placed, {
        x: x.domain[0],
        y: ({ key }) => key,
        text: ({ label }) => label,
        dx: -10,
        textAnchor: 'end',
        fontSize: 11,
        fill: 'currentColor',
      }),
      Plot.text(placed, {
        x: x.domain[1],
        y: ({ key }) => key,
        text: (row) => row.told,
        dx: 10,
        textAnchor: 'start',
        fontSize: 11,
        fill: ({ colour }) => colour,
      }),
    ],
  });
}

type Placed = Row & { readonly key: string };

function dots(rows: readonly Placed[]): readonly Mark[] {
  return [
    Plot.dot(rows, { x: ({ value }) => value, y: ({ key }) => key, fill: ({ colour }) => colour, r: 4.5 }),
  ];
}

function crosses(rows: readonly Placed[]): readonly Mark[] {
  return [
    Plot.dot(rows, {
      x: ({ value }) => value,
      y: ({ key }) => key,
      symbol: 'times',
      stroke: ({ colour }) => colour,
      strokeWidth: 2.5,
      r: 5,
    }),
  ];
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
