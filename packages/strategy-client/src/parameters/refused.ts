import { StrategyClientError } from '../errors.js';

/** The error for a parameter that has no form in SQL. It names the parameter, never its value: that may be a secret. */
export const refused = (parameter: string, why: string): StrategyClientError =>
  new StrategyClientError('INVALID_ARGUMENT', `parameter ${parameter} ${why}`);

/** What a value is, for a message. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return typeof value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return 'an object';
  return `a ${value.constructor.name}`;
}
