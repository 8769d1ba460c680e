import { MalformedBytes } from '../../errors.js';
import { columnName } from '../column-name.js';
import { fieldAt } from '../thrift/struct.js';
import { LIST, STRING } from '../thrift/types.js';
import type { ListSpan, VectorSource } from './vector.js';

/** A field of a member of the union Data: the values, unless `id` says that it is something beside them. */
export interface MemberField {
  /** The member of Data. */
  readonly member: number;
  /** The field in it; 1, the values, unless it says otherwise. */
  readonly id?: number;
  /** The type of the field, or of the elements of the list that it is. */
  readonly type: number;
}

/** Where the field starts. A member or field that is not there makes the vector malformed. */
export function requireField(source: VectorSource, field: MemberField): number {
  return findField(source, field) ?? missing(source, field);
}

/** Where the field starts, or `undefined` if the member lacks it. */
export function findField(source: VectorSource, field: MemberField): number | undefined {
  const { reader, vector } = source;
  const structAt = vector.members.get(field.member) ?? missing(source, field);
  return fieldAt(reader, structAt, {
    id: field.id ?? 1,
    type: field.type,
    what: `data of ${columnName(source.column)}`,
  });
}

function missing(source: VectorSource, field: MemberField): never {
  const what = `data of ${columnName(source.column)} without field ${field.id ?? 1} of member ${field.member}`;
  throw new MalformedBytes(what, source.vector.at);
}

/** A list with an element for every row. */
export function requireList(source: VectorSource, field: MemberField): ListSpan {
  return findList(source, field) ?? missing(source, field);
}

export function findList(source: VectorSource, field: MemberField): ListSpan | undefined {
  const start = findField(source, { ...field, type: LIST });
  return start === undefined ? undefined : listAt(source, start, field.type);
}

/** The list at `start`, which has been walked through before, with an element for every row. */
function listAt(source: VectorSource, start: number, elementType: number): ListSpan {
  const { reader, vector, column } = source;
  reader.offset = start;
  const type = reader.u8('a list');
  const count = reader.i32('a list');
  if (count < vector.size) {
    throw new MalformedBytes(`${columnName(column)} has ${count} elements for ${vector.size} rows`, start);
  }
  if (count > 0 && type !== elementType) {
    throw new MalformedBytes(
      `${columnName(column)} has elements of the type ${type}, not ${elementType}`,
      start,
    );
  }
  return { count, start: reader.offset };
}

/** Where the length of each text or binary value of the rows starts. */
export function requireTexts(source: VectorSource, field: Omit<MemberField, 'type'>): Int32Array {
  return textsAt(source, requireList(source, { ...field, type: STRING }));
}

export function findTexts(source: VectorSource, field: Omit<MemberField, 'type'>): Int32Array | undefined {
  const list = findList(source, { ...field, type: STRING });
  return list === undefined ? undefined : textsAt(source, list);
}

function textsAt(source: VectorSource, list: ListSpan): Int32Array {
  const { view } = source.reader;
  const starts = new Int32Array(source.vector.size);
  let at = list.start;
  for (let row = 0; row < starts.length; row += 1) {
    starts[row] = at;
    at += 4 + view.getInt32(at);
  }
  return starts;
}
