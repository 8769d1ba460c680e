import { StrategyClientError } from './errors.js';

/** The number itself, or `INVALID_ARGUMENT` that names it and its limits. */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a number from ${least} to ${most}`,
  );
}

/** A whole number itself, or `INVALID_ARGUMENT` that names it and its limits. */
export function wholeInRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value)) return inRange(name, value, least, most);
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a whole number from ${least} to ${most}`,
  );
}
