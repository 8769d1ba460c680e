import type { Column, Row } from '@holdfast/strategy-client/wire';
import { type BoundValue, bindParameters } from '../parameters.js';
import type { PreparedQuery, ResultSource, TypedParameter } from '../query-source.js';
import { RowResult } from '../row-result.js';
import type { BatchLimits } from '../sql-engine-options.js';
import { SqlError } from '../sql-error.js';
import type { BuiltinSelect, Count } from './builtin-select.js';

/** A query of a computed table. Its rows are made as they are read. */
export class BuiltinQuery implements PreparedQuery {
  readonly text: string;
  readonly #select: BuiltinSelect;
  readonly #parameters: number;
  readonly #limits: BatchLimits;

  constructor(text: string, select: BuiltinSelect, context: { parameters: number; limits: BatchLimits }) {
    this.text = text;
    this.#select = select;
    this.#parameters = context.parameters;
    this.#limits = context.limits;
  }

  execute(params: readonly TypedParameter[] = []): ResultSource {
    const values = bindParameters(params, this.#parameters);
    const { table, limit, offset } = this.#select;
    const start = Math.min(countOf(offset, values) ?? 0, table.rowCount);
    const end = Math.min(start + (countOf(limit, values) ?? table.rowCount), table.rowCount);
    return new RowResult({
      columns: selectedColumns(this.#select),
      rowCount: BigInt(end - start),
      rows: rowsOf(this.#select, start, end),
      limits: this.#limits,
      constant: table.isConstant,
    });
  }
}

/** The columns that a query of a computed table gives. */
export function selectedColumns({ table, picked }: BuiltinSelect): readonly Column[] {
  return picked.flatMap((at) => table.columns[at] ?? []);
}

function* rowsOf({ table, picked }: BuiltinSelect, start: number, end: number): Generator<Row> {
  for (let index = start; index < end; index += 1) {
    const row = table.row(index);
    yield picked.map((at) => row[at] ?? null);
  }
}

function countOf(count: Count | undefined, values: readonly BoundValue[]): number | undefined {
  if (count === undefined) return undefined;
  if ('value' in count) return count.value;
  const value = values[count.parameter];
  if (typeof value === 'bigint' && value >= 0n) return Number(value);
  throw new SqlError(`parameter ${count.parameter + 1} is a number of rows: a LONG or INTEGER from 0`);
}
