/** `2026-02-12`, `2026-02-12 05:30`, `2026-02-12T05:30:00.123456+05:30`, `…Z`. */
const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-](\d{2}):(\d{2}))?)?$/;

const MICRO_DIGITS = 6;
const MAX_OFFSET_HOURS = 18;
const DAYS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

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
  const [, , , , , , , , offset = '', offsetHour = '0', offsetMinute = '0'] = parts;
  const isDay = Number(day) >= 1 && Number(day) <= daysOf(Number(year), Number(month));
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const isOffset = Number(offsetHour) <= MAX_OFFSET_HOURS && Number(offsetMinute) < 60;
  if (!isDay || !isTime || !isOffset || /[1-9]/.test(fraction.slice(MICRO_DIGITS))) return undefined;
  const micros = fraction.slice(0, MICRO_DIGITS).padEnd(MICRO_DIGITS, '0');
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}.${micros}`, offset };
}

/** Days of a month; 0 where there is no such month. */
function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
}

/** A moment as SQLite's functions and the sample tables write it: `2026-02-12 05:30:00.5`, with its offset. */
export function storedText({ date, time, offset }: Moment): string {
  return `${date} ${time.replace(/0+$/, '').replace(/\.$/, '')}${offset}`;
}

/** The same moment in UTC, without an offset. */
export function inUtc({ date, time, offset }: Moment): Moment {
  if (offset === '' || offset === 'Z') return { date, time, offset: '' };
  const [seconds = '', micros = ''] = time.split('.');
  const utc = new Date(`${date}T${seconds}${offset}`).toISOString();
  return { date: utc.slice(0, 'yyyy-mm-dd'.length), time: `${utc.slice(11, 19)}.${micros}`, offset: '' };
}
