/** Hand-made Thrift in hexadecimal, also such as no right-minded sender would write. */

export const BOOL = 2;
export const I8 = 3;
export const DOUBLE = 4;
export const I32 = 8;
export const I64 = 10;
export const STRING = 11;
export const STRUCT = 12;
export const MAP = 13;
export const LIST = 15;

export function i8(value: number): string {
  return Buffer.from([value & 0xff]).toString('hex');
}

export function i16(value: number): string {
  return (value & 0xffff).toString(16).padStart(4, '0');
}

export function i32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

export function i64(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16).padStart(16, '0');
}

export function text(value: string): string {
  return binary(Buffer.from(value).toString('hex'));
}

/** The length, and these hexadecimal digits. */
export function binary(hex: string): string {
  return i32(hex.length / 2) + hex;
}

export function field(id: number, type: number, value: string): string {
  return i8(type) + i16(id) + value;
}

export function struct(...fields: string[]): string {
  return `${fields.join('')}00`;
}

export function list(elementType: number, ...elements: string[]): string {
  return i8(elementType) + i32(elements.length) + elements.join('');
}

export interface HandMadeVector {
  readonly size: number;
  readonly type: number;
  /** One for each row; none, and the field is left out. */
  readonly nulls?: readonly boolean[];
  readonly constant?: boolean;
  /** A member of the union Data, and the fields in it. */
  readonly data?: readonly [member: number, ...fields: string[]];
}

export function vector(v: HandMadeVector): string {
  const marks = v.nulls?.map((isNull) => i8(isNull ? 1 : 0));
  return struct(
    field(1, I32, i32(v.size)),
    field(2, I32, i32(v.type)),
    marks === undefined ? '' : field(3, LIST, list(BOOL, ...marks)),
    v.data === undefined
      ? ''
      : field(4, STRUCT, struct(field(v.data[0], STRUCT, struct(...v.data.slice(1).map(String))))),
    field(5, BOOL, v.constant === true ? '01' : '00'),
  );
}

export function batch(size: number, ...vectors: string[]): Uint8Array {
  return bytes(struct(field(1, I32, i32(size)), field(2, LIST, list(STRUCT, ...vectors))));
}

export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
