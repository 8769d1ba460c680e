import type { Elected } from './protocol.js';

/** A candidacy that stands for election again after each of its terms. */
export interface Standing {
  /** Ends its own term. False: it does not lead. */
  standDown(): Promise<boolean>;
  /** Asks whoever leads to end the term. False: nobody leads who could be asked. */
  request(): Promise<boolean>;
  /** Ends the candidacy. */
  end(): Promise<void>;
}

/** Hears of each term as its work begins. */
export type Announce = (elected: Elected) => void;
