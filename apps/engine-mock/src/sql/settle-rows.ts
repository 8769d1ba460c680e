import type { Column, Row } from '@holdfast/strategy-client/wire';
import type { ColumnDefinition } from 'better-sqlite3';
import { type DeclaredType, readDeclaration } from './declared-type.js';
import { inferType } from './infer-type.js';
import { readValue, type SqliteRow, type SqliteValue } from './read-value.js';
import { SqlError } from './sql-error.js';

/** Columns of a result and its rows as the encoder takes them. */
export interface SettledRows {
  readonly columns: readonly Column[];
  readonly rows: Iterator<Row>;
}

/**
 * Settles the types of the columns: as declared, or for expressions by the first rows.
 *
 * @param first rows that have been read already; they come first in `rows` too.
 * @param rest the rows after these.
 */
export function settleRows(
  definitions: readonly ColumnDefinition[],
  first: readonly SqliteRow[],
  rest: Iterator<SqliteRow>,
): SettledRows {
  const types = definitions.map(({ type }, at) => readDeclaration(type) ?? inferType(first, at));
  const columns = definitions.map(({ name }, at) => toColumn(name, types[at]));
  return { columns, rows: readRows(columns, types, first, rest) };
}

/** A column of the metadata; the scale of decimals is part of their values. */
export function toColumn(name: string, declared: DeclaredType | undefined): Column {
  const type = declared?.type ?? 'STRING';
  return { name, type, zone: declared?.zone ?? '', format: '' };
}

function* readRows(
  columns: readonly Column[],
  types: readonly DeclaredType[],
  first: readonly SqliteRow[],
  rest: Iterator<SqliteRow>,
): Generator<Row> {
  let number = 0;
  const read = (row: SqliteRow): Row => {
    number += 1;
    return types.map((declared, at) => {
      const value = readValue(declared, row[at] ?? null);
      if (value !== undefined) return value;
      throw misfit(columns[at], number, row[at] ?? null);
    });
  };
  for (const row of first) yield read(row);
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield read(next.value);
}

function misfit(column: Column | undefined, number: number, value: SqliteValue): SqlError {
  const shown = value instanceof Uint8Array ? `${value.byteLength} bytes` : `'${String(value).slice(0, 40)}'`;
  return new SqlError(
    `column ${column?.name} is ${shown} in row ${number}, which does not fit ${column?.type}; cast it to one type`,
  );
}
