import { civilOf } from './civil.js';

/** `YYYY-MM-DD`; years beyond 9999 with `+`, years below 0 with `-`. Remembers the last day, for rows are often of one. */
export class DateTexts {
  #day: number = Number.NaN;
  #text = '';

  of(epochDay: number): string {
    if (epochDay === this.#day) return this.#text;
    const { year, month, day } = civilOf(epochDay);
    this.#day = epochDay;
    this.#text = `${yearText(year)}-${pad2(month)}-${pad2(day)}`;
    return this.#text;
  }
}

function yearText(year: number): string {
  const digits = Math.abs(year).toString().padStart(4, '0');
  if (year < 0) return `-${digits}`;
  return year > 9_999 ? `+${digits}` : digits;
}

/** `HH:MM:SS.ffffff` */
export function timeText(secondOfDay: number, micros: number): string {
  const minutes = Math.floor(secondOfDay / 60);
  return `${clockText(minutes)}:${pad2(secondOfDay - minutes * 60)}.${micros.toString().padStart(6, '0')}`;
}

/** `+HH:MM` or `-HH:MM`; offsets of old local times have seconds as well. */
export function offsetText(seconds: number): string {
  const sign = seconds < 0 ? '-' : '+';
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const rest = Math.abs(seconds) - minutes * 60;
  return `${sign}${clockText(minutes)}${rest === 0 ? '' : `:${pad2(rest)}`}`;
}

function clockText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return `${pad2(hours)}:${pad2(minutes - hours * 60)}`;
}

function pad2(n: number): string {
  return n < 10 ? `0${n}` : `${n}`;
}
