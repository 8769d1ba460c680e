import type { Victim } from '../plan/planned-fault.js';
import type { WorkerPlace } from '../setting.js';
import type { Stage, Tell } from './stage.js';

/** kill -9, and a moment later a new one in its place. */
export async function killWorker(
  { victim, lengthMs }: { readonly victim: Victim; readonly lengthMs: number },
  stage: Stage,
  tell: Tell,
): Promise<void> {
  const { workers } = stage.stack;
  const place = workers.claim(victim);
  if (place === null) return;
  const over = tell(workers.describe(place), `kill -9, started again after ${lengthMs} ms`);
  try {
    await killAndReplace(place, lengthMs, stage);
  } finally {
    over();
    workers.release(place);
  }
}

/** SIGSTOP, and SIGCONT after a while that is shorter or longer than the lease. */
export async function stopWorker(
  { victim, lengthMs }: { readonly victim: Victim; readonly lengthMs: number },
  { stack: { workers }, wait }: Stage,
  tell: Tell,
): Promise<void> {
  const place = workers.claim(victim);
  if (place === null) return;
  const over = tell(workers.describe(place), `SIGSTOP for ${lengthMs} ms`);
  try {
    workers.pause(place, true);
    await wait(lengthMs);
    workers.pause(place, false);
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
