import { epochDayOf } from './civil.js';
import { parseOffset } from './offset.js';

const ISO =
  /^([+-]?\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d(?::\d\d)?)?)?$/;

/** An instant as a text names it. */
export interface ParsedInstant {
  /** Microseconds since 1970; they may need more than 64 bits. */
  readonly micros: bigint;
  /** `Z`, `+HH:MM`, `-HH:MM`, or `undefined` for a text without. */
  readonly offset: string | undefined;
}

/**
 * Reads `YYYY-MM-DD`, with a time or without, with up to six digits of a second's fraction, with an offset or in UTC, or
 * gives `undefined` for another text or a day that the calendar does not have. The year may have a sign and six digits.
 */
export function parseIso(text: string): ParsedInstant | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hours = 0, minutes = 0, seconds = 0, fraction = '', offset] = match;
  const epochDay = epochDayOf({ year: Number(year), month: Number(month), day: Number(day) });
  const east = offset === undefined ? 0 : parseOffset(offset);
  if (epochDay === undefined || east === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const second = epochDay * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) - east;
  return { micros: BigInt(second) * 1_000_000n + BigInt(fraction.padEnd(6, '0')), offset };
}
