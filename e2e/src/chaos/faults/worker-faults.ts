import type { Victim } from '../plan/planned-fault.js';
import type { WorkerPlace } from '../setting.js';
import type { Stage, Tell } from './stage.js';

/** Ms that a leader is waited for before somebody else is struck. */
const LEADER_MS = 1_500;
const LOOK_EVERY_MS = 50;

interface WorkerFault {
  readonly victim: Victim;
  readonly lengthMs: number;
}

/** kill -9, and a moment later a new one in its place. */
export function killWorker({ victim, lengthMs }: WorkerFault, stage: Stage, tell: Tell): Promise<void> {
  const detail = `kill -9, started again after ${lengthMs} ms`;
  return strikeOne({ victim, detail, stage, tell }, (place) => killAndReplace(place, lengthMs, stage));
}

/** SIGSTOP, and SIGCONT after a while that is shorter or longer than the lease. */
export function stopWorker({ victim, lengthMs }: WorkerFault, stage: Stage, tell: Tell): Promise<void> {
  const { workers } = stage.stack;
  const detail = `SIGSTOP for ${lengthMs} ms`;
  return strikeOne({ victim, detail, stage, tell }, async (place) => {
    workers.pause(place, true);
    await stage.wait(lengthMs);
    workers.pause(place, false);
  });
}

interface Strike {
  readonly victim: Victim;
  readonly detail: string;
  readonly stage: Stage;
  readonly tell: Tell;
}

/** Keeps other faults from the worker until it is as it was. */
async function strikeOne(
  { victim, detail, stage, tell }: Strike,
  act: (place: WorkerPlace) => Promise<void>,
): Promise<void> {
  const { workers } = stage.stack;
  const place = await claim(victim, stage);
  if (place === null) return;
  const over = tell(workers.describe(place), detail);
  try {
    await act(place);
  } finally {
    over();
    workers.release(place);
  }
}

export async function killAndReplace(place: WorkerPlace, afterMs: number, stage: Stage): Promise<void> {
  const { workers } = stage.stack;
  await workers.kill(place);
  await stage.wait(afterMs);
  workers.start(place);
}

/** Null: too many are under faults already. */
async function claim(victim: Victim, { stack: { workers }, wait }: Stage): Promise<WorkerPlace | null> {
  for (let waited = 0; victim === 'leader' && waited < LEADER_MS; waited += LOOK_EVERY_MS) {
    if (workers.leads) break;
    await wait(LOOK_EVERY_MS);
  }
  return workers.claim(victim);
}
