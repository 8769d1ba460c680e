import { ReliableConnectorError } from './errors.js';

/** A whole number, or `INVALID_ARGUMENT` as `inRange`. */
export function wholeInRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(inRange(name, value, least, most))) return value;
  throw new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a whole number from ${least} to ${most}`,
  );
}

/** One of the words, or `INVALID_ARGUMENT` that names them. */
export function oneOf<T extends string>(name: string, value: T, words: readonly T[]): T {
  if (words.includes(value)) return value;
  throw new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `${name} is ${JSON.stringify(value)}; give ${words.map((word) => JSON.stringify(word)).join(' or ')}`,
  );
}

/** The number itself, or `INVALID_ARGUMENT` that names it and its limits. */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give a number from ${least} to ${most}`,
  );
}
