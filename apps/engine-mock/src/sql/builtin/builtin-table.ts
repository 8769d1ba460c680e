import type { Column, Row } from '@holdfast/strategy-client/wire';

/** A table whose rows are computed. */
export interface BuiltinTable {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** All rows are equal and are sent as constant vectors. */
  readonly isConstant: boolean;
  /** The row at an index from 0. */
  row(index: number): Row;
}

/** A column without format; `zone` is for TIMESTAMP_TZ. */
export function column(name: string, type: string, zone = ''): Column {
  return { name, type, zone, format: '' };
}

/** A table with the rows given. */
export function listed(columns: readonly Column[], rows: readonly Row[]): BuiltinTable {
  return { columns, rowCount: rows.length, isConstant: false, row: (index) => rows[index] ?? [] };
}
