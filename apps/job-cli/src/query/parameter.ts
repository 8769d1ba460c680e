import type { ExplicitParameter } from '@holdfast/strategy-client';

const TYPES: readonly ExplicitParameter['type'][] = [
  'BOOLEAN',
  'INTEGER',
  'LONG',
  'FLOAT',
  'DOUBLE',
  'DECIMAL128',
  'STRING',
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'TIMESTAMP_TZ',
];

/** A value for a `?`: `TYPE:text` with one of the engine's types, `NULL`, or else a text as it is. */
export function parameterOf(text: string): ExplicitParameter | string | null {
  if (text === 'NULL') return null;
  const type = TYPES.find((one) => text.startsWith(`${one}:`));
  return type === undefined ? text : { type, value: text.slice(type.length + 1) };
}
