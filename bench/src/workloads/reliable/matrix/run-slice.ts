import { nowMs } from '../../../harness/clock.js';
import type { Creator, Told } from './contenders/contender.js';
import type { SliceOrder, SliceReport } from './protocol.js';

/** Each caller creates one group after the other until the time is over; every create that was begun counts. */
export async function runSlice(
  { callers, durationMs, prefix }: Omit<SliceOrder, 'creator'>,
  creator: Creator,
): Promise<SliceReport> {
  const told: Told[] = [];
  const latencies: number[] = [];
  let begun = 0;
  const cpuBefore = process.cpuUsage();
  const endsAt = nowMs() + durationMs;

  async function caller(): Promise<void> {
    do {
      const n = begun;
      begun += 1;
      const begunAt = nowMs();
      told[n] = await creator.create(`${prefix}${n + 1}`);
      latencies[n] = nowMs() - begunAt;
    } while (nowMs() < endsAt);
  }

  await Promise.all(Array.from({ length: callers }, caller));
  await creator.atRest();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { told, latenciesMs: Float64Array.from(latencies), cpuUs: user + system };
}
