import { type BuiltinTable, column } from './builtin-table.js';

/** Rows of a generated table: more than anybody reads, all within a double. */
const ROWS = 1_000_000_000;
const BODY_LENGTH = 1_000;

/** `n` counts from 1. */
const numbers: BuiltinTable = {
  columns: [column('n', 'LONG'), column('name', 'STRING')],
  rowCount: ROWS,
  isConstant: false,
  row: (index) => [BigInt(index + 1), `row ${index + 1}`],
};

/** Rows of 1,000 characters, for batches that end by size. */
const texts: BuiltinTable = {
  columns: [column('n', 'LONG'), column('body', 'STRING')],
  rowCount: ROWS,
  isConstant: false,
  row: (index) => [BigInt(index + 1), `${index + 1} `.padEnd(BODY_LENGTH, '.')],
};

/** Tables of the schema `builtin.generated`. */
export const GENERATED_TABLES: Readonly<Record<string, BuiltinTable>> = { numbers, texts };
