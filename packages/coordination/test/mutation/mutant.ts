/** One rule taken out of a copy of the code. */
export interface Mutant {
  /** Short name, unique; where the executable model of the lock protocol has the same mutant, its name. */
  readonly name: string;
  /** Behaviour, scenario or section that the rule serves. */
  readonly of: string;
  /** What is wrong with the copy. */
  readonly what: string;
  readonly changes: readonly Change[];
  /** Test files that have to notice, below `test` and without `.test.ts`. */
  readonly tests: readonly string[];
}

/** A replacement of text, which must occur exactly once: a refactoring that moves the rule turns the check red. */
export interface Change {
  /** Below `src`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
