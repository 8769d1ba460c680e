import type { SimConfig } from '../sim/config.js';

/** One rule taken out of a copy of the code. */
export interface Mutant {
  /** Short name, unique; where the executable model of the switch has the same mutant, its name. */
  readonly name: string;
  /** Section of the specification. */
  readonly of: string;
  /** What is wrong with the copy. */
  readonly what: string;
  readonly changes: readonly Change[];
  /** Who has to notice: test files, below `test` and without `.test.ts`, or simulated worlds. */
  readonly by: readonly string[] | Worlds;
}

/** Simulated worlds, the first seeds of them within these bounds. */
export interface Worlds {
  readonly bounds: Partial<SimConfig>;
  readonly seeds: number;
}

/** A replacement of text, which must occur exactly once: a refactoring that moves the rule turns the check red. */
export interface Change {
  /** Below `src`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
