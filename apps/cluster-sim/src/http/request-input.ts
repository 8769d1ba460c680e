import { isUtf8 } from 'node:buffer';
import { FENCE_RULE, type Fence, parseFence } from '../fence.js';
import { parsePythonFloat, pythonFloatRepr } from '../python-float.js';
import { errorReply, NO_BODY, NO_GROUP_ID, NOT_UNDERSTOOD, type NodeReply } from '../replies.js';

/** Either what was read, or the reply that refuses the request. */
export type Read<T> = { readonly value: T; readonly refusal?: never } | { readonly refusal: NodeReply };

const NO_TIMESTAMP: Read<number | null> = { value: null };
const NO_FENCE: Read<Fence | null> = { value: null };
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Reads the header `timestamp`; only finite numbers above 0 are tokens (4.1). */
export function readTimestamp(header: string | string[] | undefined): Read<number | null> {
  if (header === undefined) return NO_TIMESTAMP;
  const value = parsePythonFloat(String(header));
  if (value > 0) return { value };
  return refuse(400, 'header timestamp must be a finite decimal number greater than 0');
}

/** Reads the header `holdfast-fence` (4.7). */
export function readFence(header: string | string[] | undefined): Read<Fence | null> {
  if (header === undefined) return NO_FENCE;
  const value = parseFence(String(header));
  return value === undefined ? refuse(400, FENCE_RULE) : { value };
}

/** Reads `{"groupId": …}` from the bytes of a body, whatever its content type said. */
export function readGroupId(body: unknown, maxIdBytes: number): Read<string> {
  if (!Buffer.isBuffer(body) || body.length === 0 || !isUtf8(body)) return { refusal: NOT_UNDERSTOOD };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return { refusal: NOT_UNDERSTOOD };
  }
  if (parsed === null) return { refusal: NO_BODY };
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    return refuse(400, 'the body must be a JSON object such as {"groupId": "5"}');
  }
  // Own members only: an object always inherits some names.
  if (!Object.hasOwn(parsed, 'groupId') || !('groupId' in parsed)) return { refusal: NO_GROUP_ID };
  return idFrom(parsed.groupId, maxIdBytes);
}

/** Checks an id that is already text, as in the path of a GET. */
export function checkGroupId(groupId: string, maxIdBytes: number): Read<string> {
  if (groupId.length > maxIdBytes || Buffer.byteLength(groupId) > maxIdBytes) {
    return refuse(400, `groupId is longer than ${maxIdBytes} bytes of UTF-8`);
  }
  if (LONE_SURROGATE.test(groupId))
    return refuse(400, 'groupId holds a lone surrogate, which UTF-8 cannot write');
  return { value: groupId };
}

function idFrom(groupId: unknown, maxIdBytes: number): Read<string> {
  if (typeof groupId === 'string') return checkGroupId(groupId, maxIdBytes);
  if (typeof groupId !== 'number') return refuse(400, 'groupId must be a string or a number');
  if (Number.isSafeInteger(groupId)) return { value: String(groupId) };
  // Whole numbers above 2^53 have lost digits by now: two ids would silently become one.
  if (!Number.isFinite(groupId) || Number.isInteger(groupId)) {
    return refuse(400, 'groupId is too large for a number; send it as a string');
  }
  return { value: pythonFloatRepr(groupId) };
}

function refuse(status: number, message: string): { readonly refusal: NodeReply } {
  return { refusal: errorReply(status, message) };
}
