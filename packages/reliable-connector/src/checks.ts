import { ReliableConnectorError } from './errors.js';
import { inRange } from './in-range.js';

const MAX_KEY_BYTES = 256;
const LONGEST_DEADLINE_MS = 86_400_000;

/** An idempotency key of 1 to 256 bytes, or `INVALID_ARGUMENT`. */
export function checkedIdempotencyKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes >= 1 && bytes <= MAX_KEY_BYTES) return key;
  throw new ReliableConnectorError(
    'INVALID_ARGUMENT',
    `idempotencyKey has ${bytes} bytes; give 1 to ${MAX_KEY_BYTES}`,
  );
}

/** A deadline of 1 ms to a day, or `INVALID_ARGUMENT`. */
export const checkedDeadline = (deadlineMs: number): number =>
  inRange('deadlineMs', deadlineMs, 1, LONGEST_DEADLINE_MS);
