import { ReliableConnectorError } from '../errors.js';

/** Slots per journal counter value (4.1): a journal draws one of 0–127 at its creation. */
export const SLOTS = 128;
/** A token counts 2^-21 s: 2^14 counter values per second, 128 slots each. */
const TICKS_PER_SECOND = 2n ** 14n;
const TOKEN_SCALE = 2 ** 21;
/** From here on `c·128 + slot` has no exact double; the wall clock reaches it in the year 2106. */
const COUNTER_END = 2n ** 46n;

/**
 * The next counter value: `max(c + 1, floor(now · 2^14))` with `now` in seconds (4.1). A clock that stands still, steps
 * back or shows nonsense costs nothing but the likeness to a creation time: the value rises all the same.
 *
 * @param counter the value last used, 0 at first
 * @param nowMs wall time in ms
 */
export function nextCounter(counter: bigint, nowMs: number): bigint {
  const byClock = counterAt(nowMs);
  const next = byClock > counter ? byClock : counter + 1n;
  if (next < COUNTER_END) return next;
  throw new ReliableConnectorError(
    'JOURNAL_DAMAGED',
    `the token counter of the journal has reached ${next}, its limit is ${COUNTER_END}; restore the journal from a backup`,
  );
}

/** The token of a counter value and a slot (4.1): exact, finite, > 0. */
export function tokenOf(counter: bigint, slot: number): number {
  return Number(counter * BigInt(SLOTS) + BigInt(slot)) / TOKEN_SCALE;
}

/** Whether a number can be a token: finite and > 0 (4.1). */
export function isToken(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

/** The token as a header carries it: the shortest decimal text that reads back as the same double. */
export function tokenText(token: number): string {
  return String(token);
}

/** Reads what `tokenText` wrote, or a node's own text of a number; null where it is no token. */
export function parseToken(text: string): number | null {
  const token = /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return isToken(token) ? token : null;
}

function counterAt(nowMs: number): bigint {
  if (!Number.isFinite(nowMs) || nowMs <= 0) return 0n;
  const counter = (BigInt(Math.floor(nowMs)) * TICKS_PER_SECOND) / 1000n;
  return counter < COUNTER_END ? counter : 0n;
}
