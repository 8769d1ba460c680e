import { MalformedBytes } from '../../errors.js';
import { utf8Text } from '../bytes/utf8.js';
import { columnName } from '../column-name.js';
import { STRING } from '../thrift/types.js';
import { requireField, requireTexts } from './members.js';
import type { VectorReader, VectorSource } from './vector.js';

/** STRING, and STRUCT, MAP and ARRAY, whose text is given as it was sent. */
export const texts: VectorReader = {
  list: (source) => {
    const starts = requireTexts(source, { member: 7 });
    return (row) => textAt(source, starts[row] ?? 0);
  },
  constant: (source) => textAt(source, requireField(source, { member: 15, type: STRING })),
};

/** BINARY, sent in the same members. Each value has bytes of its own; the rows of a constant vector share one. */
export const binaries: VectorReader = {
  list: (source) => {
    const starts = requireTexts(source, { member: 7 });
    return (row) => bytesAt(source, starts[row] ?? 0);
  },
  constant: (source) => bytesAt(source, requireField(source, { member: 15, type: STRING })),
};

/** The text whose length starts here. Bytes that are not UTF-8 are an error, never a question mark. */
export function textAt(source: VectorSource, at: number): string {
  const { bytes, view } = source.reader;
  const text = utf8Text(bytes, at + 4, at + 4 + view.getInt32(at));
  if (text === undefined)
    throw new MalformedBytes(`${columnName(source.column)} has a text that is not UTF-8`, at);
  return text;
}

function bytesAt(source: VectorSource, at: number): Uint8Array {
  const { bytes, view } = source.reader;
  return new Uint8Array(bytes.subarray(at + 4, at + 4 + view.getInt32(at)));
}
