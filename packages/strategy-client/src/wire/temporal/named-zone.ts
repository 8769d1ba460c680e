import { DAYS_PER_CYCLE } from './civil.js';
import { parseOffset } from './offset.js';

const SECONDS_PER_CYCLE = DAYS_PER_CYCLE * 86_400;
/** The last instant that `Date` knows, and, negated, the first. */
const MAX_DATE_SECONDS = 8_640_000_000_000;
/** Two days. In no zone of the database do two changes of the offset lie that close to each other. */
const STEP_SECONDS = 172_800;
/** Steps remembered, about 45 years of them. */
const MAX_STEPS = 8_192;
const MAX_NAME_CHARACTERS = 64;

/** A zone of the IANA database, as Node.js knows it. Remembers offsets, for asking is slow. */
export class NamedZone {
  readonly #format: Intl.DateTimeFormat;
  /** By the number of the step; `undefined` for one in which the offset changes. */
  readonly #steps = new Map<number, number | undefined>();

  private constructor(format: Intl.DateTimeFormat) {
    this.#format = format;
  }

  /** The zone of that name, or `undefined` if Node.js does not know it. */
  static find(name: string): NamedZone | undefined {
    if (name.length > MAX_NAME_CHARACTERS || !/^[A-Za-z]/.test(name)) return undefined;
    try {
      return new NamedZone(new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' }));
    } catch {
      return undefined;
    }
  }

  /** Seconds east of UTC at that instant. */
  offsetAt(epochSecond: number): number {
    const second = withinDates(epochSecond);
    const step = Math.floor(second / STEP_SECONDS);
    const offset = this.#steps.get(step);
    if (offset !== undefined) return offset;
    return this.#steps.has(step) ? this.#ask(second) : this.#learn(step, second);
  }

  #learn(step: number, second: number): number {
    if (this.#steps.size >= MAX_STEPS) this.#steps.clear();
    const first = this.#ask(step * STEP_SECONDS);
    const last = this.#ask((step + 1) * STEP_SECONDS - 1);
    this.#steps.set(step, first === last ? first : undefined);
    return first === last ? first : this.#ask(second);
  }

  /** The text ends in `GMT+HH:MM`, or in `GMT` alone where the offset is zero. */
  #ask(second: number): number {
    const text = this.#format.format(second * 1_000);
    return parseOffset(text.slice(text.indexOf('GMT') + 3)) ?? 0;
  }
}

/** The same instant, or one that many times 400 years away, when the calendar and with it the rules are the same. */
function withinDates(epochSecond: number): number {
  const limit = MAX_DATE_SECONDS - SECONDS_PER_CYCLE;
  if (Math.abs(epochSecond) <= limit) return epochSecond;
  const cycles = Math.ceil((Math.abs(epochSecond) - limit) / SECONDS_PER_CYCLE);
  return epochSecond - Math.sign(epochSecond) * cycles * SECONDS_PER_CYCLE;
}
