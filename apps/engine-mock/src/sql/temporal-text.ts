/** `2026-02-12`, `2026-02-12 05:30`, `2026-02-12T05:30:00.123456+05:30`, `…Z`. */
const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$/;

const MICRO_DIGITS = 6;

/** A moment's text in its parts, each checked. */
export interface Moment {
  /** `2026-02-12`. */
  readonly date: string;
  /** `05:30:00.123456`, midnight where the text has no time. */
  readonly time: string;
  /** `Z`, `+05:30`, or empty. */
  readonly offset: string;
}

/** Reads ISO text as SQLite's own functions write it; undefined for what is no moment. */
export function readMoment(text: string): Moment | undefined {
  const parts = MOMENT.exec(text);
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const date = `${year}-${month}-${day}`;
  const time = `${hour}:${minute}:${second}`;
  const offset = parts[8] ?? '';
  const whole = new Date(`${date}T${time}${offset || 'Z'}`);
  const [, offsetHours = '0', offsetMinutes = '0'] = /^[+-](\d{2}):(\d{2})$/.exec(offset) ?? [];
  if (Number.isNaN(whole.getTime()) || Number(offsetHours) > 18 || Number(offsetMinutes) > 59)
    return undefined;
  // Date turns 31 June into 1 July, and takes 24:00.
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date || hour === '24') return undefined;
  if (/[1-9]/.test(fraction.slice(MICRO_DIGITS))) return undefined;
  return { date, time: `${time}.${fraction.slice(0, MICRO_DIGITS).padEnd(MICRO_DIGITS, '0')}`, offset };
}

/** A moment as SQLite's functions and the sample tables write it: `2026-02-12 05:30:00.5`, with its offset. */
export function storedText({ date, time, offset }: Moment): string {
  return `${date} ${time.replace(/0+$/, '').replace(/\.$/, '')}${offset}`;
}

/** The same moment in UTC, without an offset. */
export function inUtc({ date, time, offset }: Moment): Moment {
  const [seconds = '', micros = ''] = time.split('.');
  const utc = new Date(`${date}T${seconds}${offset || 'Z'}`).toISOString();
  return { date: utc.slice(0, 'yyyy-mm-dd'.length), time: `${utc.slice(11, 19)}.${micros}`, offset: '' };
}
