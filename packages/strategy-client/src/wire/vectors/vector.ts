import type { ByteReader } from '../bytes/byte-reader.js';
import type { Column, Int64Mode, Value } from '../types.js';

/** Elements of a list, one after another. */
export interface ListSpan {
  readonly count: number;
  /** Where the first element starts. */
  readonly start: number;
}

/** Where the parts of a vector are in the bytes. All of them have been walked through once, so no length in them lies. */
export interface VectorLayout {
  readonly at: number;
  readonly size: number;
  /** The number on the wire. */
  readonly type: number;
  readonly constant: boolean;
  /** One byte per row; of a constant vector only the first counts. */
  readonly nulls: ListSpan | undefined;
  /** Where the struct of each member of the union Data starts. */
  readonly members: ReadonlyMap<number, number>;
}

/** A vector and what its values are read for. */
export interface VectorSource {
  readonly reader: ByteReader;
  readonly vector: VectorLayout;
  readonly column: Column;
  readonly int64: Int64Mode;
}

/** The value of a row that is not null. */
export type ReadValue = (row: number) => Value;

/** How the values of vector types are read. Both check all lengths before anything is made of the values. */
export interface VectorReader {
  readonly list: (source: VectorSource) => ReadValue;
  /** The one value of a constant vector that is not null. */
  readonly constant: (source: VectorSource) => Value;
}
