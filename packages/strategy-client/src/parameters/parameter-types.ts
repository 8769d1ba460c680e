import { kindOf, refused } from './refused.js';

/** Types of server-side parameters, by the engine's names. */
export const PARAMETER_TYPES = [
  'BOOLEAN',
  'INTEGER',
  'LONG',
  'FLOAT',
  'DOUBLE',
  'DECIMAL128',
  'STRING',
  'BINARY',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'TIMESTAMP_TZ',
  'NULL',
] as const;

export type ParameterType = (typeof PARAMETER_TYPES)[number];

const KNOWN: ReadonlySet<unknown> = new Set(PARAMETER_TYPES);

export const isParameterType = (type: unknown): type is ParameterType => KNOWN.has(type);

/** The type of a value that comes without one. */
export function inferredType(parameter: string, value: unknown): ParameterType {
  switch (typeof value) {
    case 'string':
      return 'STRING';
    case 'boolean':
      return 'BOOLEAN';
    case 'number':
      return numberType(value);
    case 'bigint':
      return value === BigInt.asIntN(64, value) ? 'LONG' : 'DECIMAL128';
    default:
  }
  if (value === null) return 'NULL';
  if (value instanceof Date) return 'DATETIME';
  if (value instanceof Uint8Array) return 'BINARY';
  throw refused(
    parameter,
    Array.isArray(value)
      ? 'is an array; write one ? for each of its elements'
      : `is ${kindOf(value)}; give a text, number, bigint, boolean, Date, Uint8Array, null or { type, value }`,
  );
}

function numberType(value: number): ParameterType {
  // -0 is a double's only.
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return 'DOUBLE';
  return value === (value | 0) ? 'INTEGER' : 'LONG';
}
