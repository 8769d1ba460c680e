import { CoordinationError } from './errors.js';

/** The number itself, or `INVALID_ARGUMENT` that names it and its limits. */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a number from ${least} to ${most}`,
  );
}

/** The longest delay that a timer of Node takes, ms. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** A caller's bound in ms, or `INVALID_ARGUMENT`. */
export const checkedWait = (name: string, ms: number): number => inRange(name, ms, 0, LONGEST_WAIT_MS);
