import type { Profile } from '../sim/profile.js';

/** One rule taken out of a copy of the code. */
export interface Mutant {
  /** Short name, unique; where the executable model of the protocol has the same mutant, its name. */
  readonly name: string;
  /** Section of the protocol, or flaw of the origin. */
  readonly of: string;
  /** What is wrong with the copy. */
  readonly what: string;
  readonly changes: readonly Change[];
  /** The world in which it does harm; the seed decides the rest. Default: any. */
  readonly world?: Partial<Profile>;
  /** Seeds to try, 1 up to this. Default 150. */
  readonly seeds?: number;
}

/** A replacement of text, which must occur exactly once: a refactoring that moves the rule turns the check red. */
export interface Change {
  /** Below the package. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const DEFAULT_SEEDS = 150;
