import type { Coordinator } from '@holdfast/coordination';
import type { Random } from '../../seeded-random.js';
import type { Line } from '../line.js';
import type { ParentCalls, WorkerCalls } from './protocol.js';

export type ParentLine = Line<WorkerCalls, ParentCalls>;

/** What a work is given. */
export interface Stage {
  readonly coordinator: Coordinator;
  readonly memberId: string;
  readonly line: ParentLine;
  readonly random: Random;
  /** Aborts when nothing more is to begin. */
  readonly calm: AbortSignal;
}
