/** What one size costs. */
export interface Point {
  readonly n: number;
  readonly cost: number;
  /** Of the rounds, whose median `cost` is; absent: unknown. */
  readonly least?: number;
  readonly most?: number;
}

/** From the simplest to the steepest. */
export const SHAPES = ['constant', 'linear', 'n log n', 'quadratic'] as const;

export type Shape = (typeof SHAPES)[number];

/** The f of cost = fixed + each·f(n). */
const GROWS: Readonly<Record<Shape, (n: number) => number>> = {
  constant: () => 0,
  linear: (n) => n,
  'n log n': (n) => n * Math.log(n),
  quadratic: (n) => n * n,
};

export interface ShapeFit {
  readonly fixed: number;
  readonly each: number;
  /** Root mean square of what the shape is off by, as a share of each point. */
  readonly residual: number;
}

/** The a and k of cost = a·nᵏ, by least squares between the logarithms. */
export function fitPower(points: readonly Point[]): { readonly factor: number; readonly exponent: number } {
  const xs = points.map(({ n }) => Math.log(n));
  const ys = points.map(({ cost }) => Math.log(cost));
  const [x, y] = [mean(xs), mean(ys)];
  const exponent =
    mean(xs.map((one, i) => (one - x) * ((ys[i] ?? Number.NaN) - y))) / mean(xs.map((one) => (one - x) ** 2));
  return { factor: Math.exp(y - exponent * x), exponent };
}

/**
 * Least squares of what a shape is off by, each as a share of its point, so that small sizes count as much as large ones.
 * Neither part of a cost can be negative.
 */
export function fitShape(points: readonly Point[], shape: Shape): ShapeFit {
  const f = GROWS[shape];
  const rows = points.map(({ n, cost }) => ({ one: 1 / cost, grown: f(n) / cost }));
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const [a, b, d] = [
    sum((row) => row.one * row.one),
    sum((row) => row.one * row.grown),
    sum((row) => row.grown * row.grown),
  ];
  const [p, q] = [sum((row) => row.one), sum((row) => row.grown)];
  const determinant = a * d - b * b;
  const both = {
    fixed: (p * d - q * b) / determinant,
    each: (q * a - p * b) / determinant,
  };
  const flat = { fixed: p / a, each: 0 };
  const bare = { fixed: 0, each: q / d };
  const candidates = [both, flat, bare].filter(({ fixed, each }) => fixed >= 0 && each >= 0);
  const fits = candidates.map(({ fixed, each }) => ({
    fixed,
    each,
    residual: Math.sqrt(mean(rows.map((row) => (fixed * row.one + each * row.grown - 1) ** 2))),
  }));
  return fits.reduce((best, one) => (one.residual < best.residual ? one : best));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
