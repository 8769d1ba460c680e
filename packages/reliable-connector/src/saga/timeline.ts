import type { Clock } from '../clock.js';
import type { TimelineEntry } from '../journal/records.js';

/** The first entries tell how it began, the last ones how it stands; between them a long saga only repeats itself. */
const FIRST = 32;
const LAST = 96;

/** A saga's history for people, bounded. */
export class Timeline {
  readonly #clock: Clock;
  readonly #entries: TimelineEntry[];
  #dropped = 0;

  constructor(clock: Clock, earlier: readonly TimelineEntry[] = []) {
    this.#clock = clock;
    this.#entries = [...earlier];
  }

  add(event: string, step?: string, detail?: string): void {
    this.#entries.push({ at: this.#clock.now(), event, step, detail });
    if (this.#entries.length <= FIRST + LAST) return;
    this.#dropped += 1;
    this.#entries.splice(FIRST, 1);
  }

  get entries(): readonly TimelineEntry[] {
    if (this.#dropped === 0) return this.#entries;
    const gap = { at: this.#entries[FIRST]?.at ?? 0, event: 'omitted', detail: `${this.#dropped} entries` };
    return [...this.#entries.slice(0, FIRST), gap, ...this.#entries.slice(FIRST)];
  }
}
