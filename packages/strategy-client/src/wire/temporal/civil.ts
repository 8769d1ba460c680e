/** Days of 400 years, after which the calendar repeats. */
export const DAYS_PER_CYCLE = 146_097;
/** From 0000-03-01, where the years of this arithmetic begin so that a leap day ends one, to 1970-01-01. */
const DAYS_TO_1970 = 719_468;

/** A day of the Gregorian calendar, reckoned backwards as well. Year 0 comes before year 1. */
export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** The date that is this number of days after 1970-01-01. */
export function civilOf(epochDay: number): CivilDate {
  const days = epochDay + DAYS_TO_1970;
  const cycle = Math.floor(days / DAYS_PER_CYCLE);
  const dayOfCycle = days - cycle * DAYS_PER_CYCLE;
  const leapDays =
    Math.floor(dayOfCycle / 1_460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const dayOfYear = dayOfCycle - daysBeforeYear(yearOfCycle);
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - daysBeforeMonth(marchMonth) + 1 };
}

/** Days from 1970-01-01 to that date, or `undefined` if the calendar has no such day. */
export function epochDayOf(date: CivilDate): number | undefined {
  const { year, month, day } = date;
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = month <= 2 ? month + 9 : month - 3;
  const cycle = Math.floor(marchYear / 400);
  const dayOfYear = daysBeforeMonth(marchMonth) + day - 1;
  const epochDay =
    cycle * DAYS_PER_CYCLE + daysBeforeYear(marchYear - cycle * 400) + dayOfYear - DAYS_TO_1970;
  const back = civilOf(epochDay);
  return back.year === year && back.month === month && back.day === day ? epochDay : undefined;
}

/** Days of a cycle before its year `year`, 0 to 399. */
function daysBeforeYear(year: number): number {
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100);
}

/** Days of a year from March on before its month `month`, 0 to 11. */
function daysBeforeMonth(month: number): number {
  return Math.floor((153 * month + 2) / 5);
}
