import type { History, Verdict } from '../history/history.js';
import { none } from './verdict.js';

/** Processes of the stack that outlived it. */
export function leakedProcesses({ facts }: History): Verdict {
  return none('leaked processes', facts.leaked);
}
