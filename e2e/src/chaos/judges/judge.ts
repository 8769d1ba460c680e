import type { History, Verdict } from '../history/history.js';
import { activity } from './activity.js';
import { convergence } from './convergence.js';
import { divergentIds } from './divergent-ids.js';
import { doubledExecutes } from './doubled-executes.js';
import { failedQueries } from './failed-queries.js';
import { leakedProcesses } from './leaked-processes.js';
import { lostChanges } from './lost-changes.js';
import { oneJournal } from './one-journal.js';
import { openSagas } from './open-sagas.js';
import { overlappingTerms } from './overlapping-terms.js';
import { staleWrites } from './stale-writes.js';
import { troubles } from './troubles.js';
import { unfencedWrites } from './unfenced-writes.js';
import { wantedActual } from './wanted-actual.js';

/** In the order of the report: what a user of the stack would feel first, then what keeps it so, then the house. */
const JUDGES: readonly ((history: History) => Verdict)[] = [
  failedQueries,
  doubledExecutes,
  lostChanges,
  divergentIds,
  wantedActual,
  convergence,
  openSagas,
  staleWrites,
  unfencedWrites,
  overlappingTerms,
  oneJournal,
  troubles,
  leakedProcesses,
  activity,
];

/** What all judges say of a run. It was good only if every verdict holds. */
export function judge(history: History): readonly Verdict[] {
  return JUDGES.map((one) => one(history));
}
