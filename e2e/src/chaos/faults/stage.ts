import type { Recorder } from '../recorder.js';
import type { Stack } from '../stack/stack.js';

/** What a fault works on. */
export interface Stage {
  readonly stack: Stack;
  readonly recorder: Recorder;
  /** Waits, unless the run is to end at once: then it rejects. */
  readonly wait: (ms: number) => Promise<void>;
}

/** What a fault tells: that it begins, at whom, and afterwards that it is over. */
export type Tell = (target: string, detail?: string) => () => void;
