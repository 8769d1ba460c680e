/** A column of a result, as the metadata describe it. */
export interface Column {
  readonly name: string;
  /** The engine's name of the type. It is told to the caller; values are decoded by what their vector says. */
  readonly type: string;
  /** Empty where the engine names none. */
  readonly zone: string;
  /** Empty where the engine names none. */
  readonly format: string;
}

/** What the engine says of a result before its rows. */
export interface ResultMetadata {
  readonly rowCount: bigint;
  readonly columns: Column[];
}

/** What a column of a row can hold. */
export type Value = bigint | number | string | boolean | Uint8Array | null;

/** The values of a row, in the order of the columns. */
export type Row = Value[];

/** How LONG values are given: exact as `bigint` or decimal text, or as `number`, which refuses what is not a safe integer. */
export type Int64Mode = 'bigint' | 'string' | 'number';
