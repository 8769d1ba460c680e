import { EngineMockError } from './engine-mock-error.js';

/** Longest duration of any option: a day. */
export const MAX_DURATION_MS: number = 24 * 60 * 60 * 1000;

/** The number itself, or `INVALID_OPTION` that names it and its limits. */
export function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(name, value, `a whole number from ${least} to ${most}`);
}

/** A duration in ms itself, or `INVALID_OPTION`. */
export const durationMs = (name: string, value: number): number => whole(name, value, 0, MAX_DURATION_MS);

export function invalid(name: string, value: unknown, range: string): EngineMockError {
  return new EngineMockError('INVALID_OPTION', `${name} is ${String(value)}; it must be ${range}`);
}
