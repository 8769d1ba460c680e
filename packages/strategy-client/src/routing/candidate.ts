import type { Strategy } from '../strategy.js';

/** Who can find out whether a deployment accepts calls, by an authentication or by a call of its own. */
export interface Prober {
  /** There is a candidate to be probed: begins, if no probe of its is under way. Never throws. */
  probe(): void;
  /** It has no probes of its own: a caller's next call is the probe. Whoever has some takes over from it. */
  readonly needsCalls?: boolean;
}

/** An announced deployment that nobody has proved yet. */
export interface Candidate {
  readonly strategy: Strategy;
  /** Who heard the announcement, and probes. */
  readonly prober: Prober;
  /** Only a probe that was sent under this number decides: one that was sent before the latest word does not. */
  readonly proof: number;
}

/** What a call remembers of the moment when it was sent, for the judgement of what its reply says. */
export interface Ticket {
  /** Where it was sent. */
  readonly strategy: Strategy;
  /** The words that were known then. */
  readonly words: number;
  /** The number of the candidate that it probes; 0 if it is no probe. */
  readonly proof: number;
}
