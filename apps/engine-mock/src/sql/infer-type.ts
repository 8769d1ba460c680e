import type { DeclaredType, FedType } from './declared-type.js';
import type { SqliteRow } from './read-value.js';

/**
 * The type of a column without a declaration, as that of an expression, by the values of its first rows: numbers
 * of both kinds make a DOUBLE, numbers beside text a STRING, and so does a column of nulls.
 */
export function inferType(rows: readonly SqliteRow[], at: number): DeclaredType {
  const kinds = new Set<FedType>();
  for (const row of rows) {
    const value = row[at] ?? null;
    if (typeof value === 'bigint') kinds.add('LONG');
    else if (typeof value === 'number') kinds.add('DOUBLE');
    else if (typeof value === 'string') kinds.add('STRING');
    else if (value !== null) kinds.add('BINARY');
  }
  const widest = (['BINARY', 'STRING', 'DOUBLE', 'LONG'] as const).find((type) => kinds.has(type));
  return { type: widest ?? 'STRING', scale: 0, zone: '' };
}
