import type { LeaderReading } from '../driver/index.js';
import type { OwnTermEvent } from '../election/leadership.js';

/** One step in the order of a group's leaders. */
export interface LeaderChange {
  readonly type: 'elected' | 'resigned' | 'lost';
  readonly leader: LeaderReading;
  readonly settled?: boolean;
}

/**
 * Who leads a group, told in order: each `elected` is followed by the end of that term before the next. Of other leaders
 * the readings decide; when an own term begins and ends, only the election, whose words and the readings may come in any
 * order. Only where a reading shows a successor before the election has noticed, the own term is told as lost.
 */
export class LeaderView {
  readonly #self: string;
  #shown: LeaderReading | null = null;
  /** The own term that is shown, while the election has not ended it. */
  #own: bigint | null = null;
  /** The latest own term that has ended. Until its lease runs out, readings may go on to show it. */
  #over: bigint | null = null;

  /** `own`: the term that the election has begun and not ended. */
  constructor(self: string, own: bigint | null) {
    this.#self = self;
    this.#own = own;
    if (own !== null) this.#shown = { memberId: self, term: own };
  }

  get shown(): LeaderReading | null {
    return this.#shown;
  }

  /** What a reading changes that was sent after the election's latest word. */
  read(reading: LeaderReading | null): LeaderChange[] {
    const leader = reading && this.#isOver(reading) ? null : reading;
    const shown = this.#shown;
    if (isSame(leader, shown)) return [];
    if (this.#own !== null && shown) {
      if (!leader || (leader.term !== null && leader.term <= this.#own)) return [];
      this.#end(this.#own);
      this.#shown = leader;
      return [
        { type: 'lost', leader: shown },
        { type: 'elected', leader },
      ];
    }
    this.#shown = leader;
    return [
      ...(shown ? [{ type: 'resigned', leader: shown } as const] : []),
      ...(leader ? [{ type: 'elected', leader } as const] : []),
    ];
  }

  /** What a word of the election changes. */
  tell(event: OwnTermEvent): LeaderChange[] {
    if (event.type === 'elected') return this.#elected(event.term);
    const shown = this.#shown;
    this.#end(event.term);
    if (shown?.memberId !== this.#self || shown.term !== event.term) return [];
    this.#shown = null;
    const settled = event.type === 'resigned' ? { settled: event.settled } : {};
    return [{ type: event.type, leader: shown, ...settled }];
  }

  #elected(term: bigint): LeaderChange[] {
    const shown = this.#shown;
    if (this.#own === term || (this.#over !== null && term <= this.#over)) return [];
    const leader: LeaderReading = { memberId: this.#self, term };
    if (isSame(leader, shown)) {
      this.#own = term;
      return [];
    }
    if (shown && shown.term !== null && shown.term > term) {
      // A reading has shown the successor already: this term has come and gone.
      this.#end(term);
      return [];
    }
    const ended = shown ? [{ type: this.#own === null ? 'resigned' : 'lost', leader: shown } as const] : [];
    this.#own = term;
    this.#shown = leader;
    return [...ended, { type: 'elected', leader }];
  }

  #end(term: bigint): void {
    if (this.#own === term) this.#own = null;
    if (this.#over === null || term > this.#over) this.#over = term;
  }

  #isOver({ memberId, term }: LeaderReading): boolean {
    return memberId === this.#self && term !== null && this.#over !== null && term <= this.#over;
  }
}

/** By term; where terms cannot be read, by id. Two unreadable leaders in a row look like one. */
function isSame(a: LeaderReading | null, b: LeaderReading | null): boolean {
  if (a === null || b === null) return a === b;
  return a.term === b.term && a.memberId === b.memberId;
}
