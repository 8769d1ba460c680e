import type { Growth } from './growth.js';

/** One size of a curve. */
export interface CurvePoint {
  readonly n: number;
  readonly cost: number;
  readonly least: number;
  readonly most: number;
}

/** Whose cost it is, and how it grows. */
export interface CurveSeries {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Null where fewer than three sizes were measured. */
  readonly growth: Growth | null;
}

/** How one cost grows with one size, for Holdfast and for what it was measured beside. */
export interface Curve {
  /** Of its chart: `coordination-members`. */
  readonly id: string;
  readonly workload: string;
  readonly what: string;
  /** What is counted on the axis: `members`. */
  readonly axis: string;
  readonly unit: string;
  readonly series: readonly CurveSeries[];
}
