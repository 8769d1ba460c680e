import { MalformedBytes } from '../../errors.js';
import { columnName } from '../column-name.js';
import { decimalText, unscaledOf } from '../decimal/decimal-text.js';
import { MAX_SCALE } from '../limits.js';
import { I32, STRING } from '../thrift/types.js';
import type { Value } from '../types.js';
import { requireField, requireTexts } from './members.js';
import type { VectorReader, VectorSource } from './vector.js';

/** A value of this length is binary, whatever its bytes look like. */
const BINARY_BYTES = 16;

export const decimals: VectorReader = {
  list: (source) => {
    const starts = requireTexts(source, { member: 17 });
    const scale = readScale(source, 17);
    return (row) => decimalAt(source, starts[row] ?? 0, scale);
  },
  constant: readConstant,
};

function readConstant(source: VectorSource): Value {
  const at = requireField(source, { member: 18, type: STRING });
  return decimalAt(source, at, readScale(source, 18));
}

function readScale(source: VectorSource, member: number): number {
  const at = requireField(source, { member, id: 2, type: I32 });
  const scale = source.reader.view.getInt32(at);
  if (scale >= 0 && scale <= MAX_SCALE) return scale;
  throw new MalformedBytes(
    `${columnName(source.column)} has the scale ${scale}, not one from 0 to ${MAX_SCALE},`,
    at,
  );
}

/** The decimal whose length starts here. */
function decimalAt(source: VectorSource, at: number, scale: number): string {
  const { bytes, view } = source.reader;
  const length = view.getInt32(at);
  if (length === BINARY_BYTES) return decimalText(int128At(view, at + 4), scale);
  const unscaled = unscaledOf(bytes.toString('latin1', at + 4, at + 4 + length), scale);
  if (unscaled !== undefined) return decimalText(unscaled, scale);
  throw new MalformedBytes(
    `${columnName(source.column)} has a decimal that is neither ${BINARY_BYTES} bytes nor text with at most ${scale} digits after the point`,
    at,
  );
}

function int128At(view: DataView, at: number): bigint {
  const high = view.getBigInt64(at);
  const low = view.getBigUint64(at + 8);
  return high === 0n ? low : (high << 64n) | low;
}
