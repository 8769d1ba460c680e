import { fitPower, fitShape, type Point, SHAPES, type Shape } from './least-squares.js';

/** How a cost grows with the size of what it is spent on. */
export interface Growth {
  /** The simplest shape that explains the points. */
  readonly shape: Shape;
  /** The k of cost = a·nᵏ over all points; below the shape's own where a fixed cost hides small sizes. */
  readonly exponent: number;
  /** The same k between the two largest sizes, where a fixed cost hides least. */
  readonly lastExponent: number;
  /** Of the shape: cost = fixed + each·f(n). */
  readonly fixed: number;
  readonly each: number;
  /** Root mean square of what the shape is off by, as a share of each point. */
  readonly residual: number;
  /** Whether it grows faster than linearly, over all sizes or between the two largest. */
  readonly worseThanLinear: boolean;
}

/** A line through two points fits always. */
const FEWEST_POINTS = 3;
/**
 * A shape that is off by this share of the points or less needs no better one: medians repeat no closer than this. Where even
 * the steadiest size repeats less closely, what it repeats by, within reason.
 */
const CLOSE_ENOUGH = 0.1;
const MOST_UNSTEADY = 0.25;
/** Otherwise a simpler shape stays as long as it is at most this much further off than the best. */
const MUCH_BETTER = 1.5;
/** Exponents beyond this are worse than linear; what lies below is the spread of medians. */
const MOST_EXPONENT = 1.1;

/** Null where fewer than three sizes were measured. Points need not be in order; those without a cost do not count. */
export function growthOf(points: readonly Point[]): Growth | null {
  const usable = points.filter(({ n, cost }) => n > 0 && cost > 0 && Number.isFinite(cost));
  const sorted = usable.toSorted((a, b) => a.n - b.n);
  const largest = sorted.slice(-2);
  if (new Set(sorted.map(({ n }) => n)).size < FEWEST_POINTS) return null;
  const fits = SHAPES.map((shape) => ({ shape, ...fitShape(sorted, shape) }));
  const least = Math.min(...fits.map(({ residual }) => residual));
  const steadiest = Math.min(MOST_UNSTEADY, ...sorted.map(unsteadiness));
  const enough = Math.max(CLOSE_ENOUGH, steadiest, least * MUCH_BETTER);
  const fit = fits.find(({ residual }) => residual <= enough);
  if (fit === undefined) return null;
  const { exponent } = fitPower(sorted);
  const lastExponent = fitPower(largest).exponent;
  const isSteeper = fit.shape === 'n log n' || fit.shape === 'quadratic';
  return {
    ...fit,
    exponent,
    lastExponent,
    worseThanLinear: isSteeper || exponent > MOST_EXPONENT || lastExponent > MOST_EXPONENT,
  };
}

/** Half of what the rounds of one size differ by, as a share of their median. */
function unsteadiness({ cost, least = cost, most = cost }: Point): number {
  return (most - least) / 2 / cost;
}
