import { readFileSync } from 'node:fs';
import type { Column, Value } from '../../src/wire/index.js';

interface MetadataVector {
  readonly name: string;
  readonly hex: string;
  readonly expected: { readonly rowCount: string; readonly columns: Column[] };
}

interface RowsVector {
  readonly name: string;
  readonly metadataHex: string;
  readonly batchHex: string;
  readonly expected: Value[][];
}

interface ColumnVector {
  readonly name: string;
  readonly column: Column;
  readonly batchHex: string;
  readonly expected: Value[];
}

interface EngineVectors {
  readonly metadata: MetadataVector[];
  readonly rows: RowsVector[];
  readonly vectors: ColumnVector[];
}

/** Bytes that the engine vendor's own decoder has accepted, and the right values. LONG is decimal text in this file. */
export const engineVectors: EngineVectors = JSON.parse(
  readFileSync(new URL('golden/engine-vectors.json', import.meta.url), 'utf8'),
);

export function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A column named `v` of that type. */
export function columnOf(type: string): Column {
  return { name: 'v', type, zone: '', format: '' };
}
