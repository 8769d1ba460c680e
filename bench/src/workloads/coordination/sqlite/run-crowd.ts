import { readFileSync, writeFileSync } from 'node:fs';
import type { Coordinator } from '@holdfast/coordination';
import { hostMs, pause } from '../../../harness/clock.js';
import type { CrowdOrder, CrowdReport } from './protocol.js';

/** Takes the lock, counts the file up and releases, again and again until the time is over. */
export async function runCrowd(coordinator: Coordinator, o: CrowdOrder): Promise<CrowdReport> {
  const lock = coordinator.getLock(o.lock);
  const fences: bigint[] = [];
  const endsAt = o.startAtMs + o.durationMs;
  await pause(o.startAtMs - hostMs());
  while (hostMs() < endsAt) {
    await using hold = await lock.hold();
    writeFileSync(o.counterFile, String(Number(readFileSync(o.counterFile, 'utf8')) + 1));
    fences.push(hold.fencingToken);
  }
  return { fences: BigUint64Array.from(fences) };
}
