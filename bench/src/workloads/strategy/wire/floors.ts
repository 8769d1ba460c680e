import { type Sample, TWO_COLUMNS } from './samples.js';

/** Reads all values of a batch and keeps them. */
export type ReadFloor = () => readonly unknown[];

/**
 * What reading costs at the least in this runtime: the values lie one after the other as in the batch, nothing is
 * checked, no type is looked up, no null is possible. Of one column it makes no rows either.
 */
export function floorOf(name: string, { rows }: Sample): ReadFloor | undefined {
  if (name === 'LONG') return longsOnly(rows.map(([value]) => BigInt(String(value))));
  if (name === TWO_COLUMNS)
    return twoColumns(
      rows.map(([value]) => BigInt(String(value))),
      rows.map(([, value]) => String(value)),
    );
  return undefined;
}

function longsOnly(values: readonly bigint[]): ReadFloor {
  const longs = viewOf(values);
  const count = values.length;
  return () => {
    const read: bigint[] = [];
    for (let row = 0; row < count; row += 1) read.push(longs.getBigInt64(row * 8));
    return read;
  };
}

function twoColumns(values: readonly bigint[], texts: readonly string[]): ReadFloor {
  const longs = viewOf(values);
  const packed = texts.map((text) => {
    const body = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  });
  // Every buffer of Node has this method, which its types leave out: it skips the checks of `toString`.
  const bytes = Buffer.concat(packed) as Buffer & { latin1Slice(start: number, end: number): string };
  const count = values.length;
  return () => {
    const read: [bigint, string][] = [];
    let at = 0;
    for (let row = 0; row < count; row += 1) {
      const length = bytes.readInt32BE(at);
      at += 4 + length;
      read.push([longs.getBigInt64(row * 8), bytes.latin1Slice(at - length, at)]);
    }
    return read;
  };
}

function viewOf(values: readonly bigint[]): DataView {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  for (const [row, value] of values.entries()) view.setBigInt64(row * 8, value);
  return view;
}
