import type { Span } from './span.js';

/** Width of the whole picture, and of the names at its left; the unit is that of the view box. */
export const WIDTH = 1_200;
export const GUTTER = 148;
const RIGHT = 22;

/** Where a moment of the run is in the picture. */
export interface Scale extends Span {
  /** @returns the place from the left, moments outside of what is shown at its ends. */
  x(atMs: number): number;
}

export function scaleTo({ from, to }: Span): Scale {
  const unit = (WIDTH - GUTTER - RIGHT) / (to - from);
  return { from, to, x: (atMs) => round(GUTTER + (Math.min(Math.max(atMs, from), to) - from) * unit) };
}

/** Tenths are as fine as anybody sees, and keep the page small. */
export const round = (value: number): number => Math.round(value * 10) / 10;

/** Steps of an axis in s. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600];
const LEAST_GAP = 56;

/** Moments in ms at which the axis has a line: a round number of seconds apart, and far enough for their labels. */
export function ticksOf({ from, to, x }: Scale): readonly number[] {
  const isWide = (step: number): boolean => (x(to) - x(from)) * ((step * 1_000) / (to - from)) >= LEAST_GAP;
  const stepMs = 1_000 * (STEPS.find(isWide) ?? 3_600);
  const first = Math.ceil(from / stepMs) * stepMs;
  return Array.from({ length: Math.floor((to - first) / stepMs) + 1 }, (_, n) => first + n * stepMs);
}
