import type { ByteWriter } from '../bytes/byte-writer.js';
import { BOOL, I32, LIST, STOP, STRUCT } from './types.js';

export function writeField(out: ByteWriter, id: number, type: number): void {
  out.u8(type);
  out.u16(id);
}

export function writeI32Field(out: ByteWriter, id: number, value: number): void {
  writeField(out, id, I32);
  out.i32(value);
}

export function writeBoolField(out: ByteWriter, id: number, value: boolean): void {
  writeField(out, id, BOOL);
  out.u8(value ? 1 : 0);
}

/** A field that is a list of `count` elements, which are written next. */
export function writeListField(out: ByteWriter, id: number, elementType: number, count: number): void {
  writeField(out, id, LIST);
  out.u8(elementType);
  out.i32(count);
}

/** A field that is a struct, which `write` writes. */
export function writeStructField(out: ByteWriter, id: number, write: () => void): void {
  writeField(out, id, STRUCT);
  write();
  writeStop(out);
}

export function writeStop(out: ByteWriter): void {
  out.u8(STOP);
}

/** Text or bytes with their length before them. */
export function writeText(out: ByteWriter, text: string): void {
  const length = Buffer.byteLength(text);
  out.i32(length);
  out.text(text, length);
}

export function writeBinary(out: ByteWriter, bytes: Uint8Array): void {
  out.i32(bytes.length);
  out.bytes(bytes);
}
