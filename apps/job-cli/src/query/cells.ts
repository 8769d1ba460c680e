import type { Value } from '@holdfast/strategy-client';

/** A value as JSON has it: LONG and DECIMAL stay text, exact; BINARY is hex. */
export function jsonCell(value: Value | undefined): string | number | boolean | null {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? hex(value) : value;
}

/** A value as a cell of a table for people. */
export function textCell(value: Value | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  return value instanceof Uint8Array ? hex(value) : String(value);
}

/** A value as a field of CSV (RFC 4180): NULL is an empty field, an empty text a quoted one. */
export function csvCell(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  return csvText(value instanceof Uint8Array ? hex(value) : String(value));
}

/** A text as a field of CSV. */
export function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
