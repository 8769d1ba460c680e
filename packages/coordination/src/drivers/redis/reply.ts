import { CoordinationError } from '../../errors.js';
import { fromBytes } from '../../ids.js';

/** The parts of replies, as the scripts promise them. Anything else is somebody's proxy, or a mistake of ours. */
export function numberOf(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  throw unexpected('a number', reply);
}

export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw unexpected('a list', reply);
}

export function bytesOf(reply: unknown): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  throw unexpected('bytes', reply);
}

/** An id. Most are UTF-8 and decoded at once; what could be the mark of bytes that are not is looked at again. */
export function idOf(reply: unknown): string {
  const bytes = bytesOf(reply);
  const text = bytes.toString();
  return text.includes('\ufffd') ? fromBytes(bytes) : text;
}

/** The number in decimal with which these bytes begin. */
export function leadingNumberOf(reply: unknown): number {
  const bytes = bytesOf(reply);
  let value = 0;
  for (let at = 0; at < bytes.length; at++) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

export function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  throw unexpected('text', reply);
}

const unexpected = (wanted: string, reply: unknown): CoordinationError =>
  new CoordinationError(
    'BACKEND',
    `Redis answered ${reply === null ? 'nil' : `a ${typeof reply}`} where ${wanted} belongs; is that a Redis?`,
  );
