import { CoordinationError } from './errors.js';

/** The number itself, or `INVALID_ARGUMENT` that names it and its limits. */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a number from ${least} to ${most}`,
  );
}
