import { monitorEventLoopDelay } from 'node:perf_hooks';
import { nowMs } from '../../harness/clock.js';
import type { CallersOrder, CallersReport, SeriesOrder, SeriesReport, Side } from './worker-protocol.js';

/** True: it ended as it should. */
export type Create = (groupId: string) => Promise<boolean>;

/** Each caller creates one group after the other until the time is over; what runs then is waited for, not counted. */
export async function runCallers(
  o: Pick<CallersOrder, 'callers' | 'durationMs' | 'prefix'>,
  create: Create,
): Promise<CallersReport> {
  const latencies: number[] = [];
  let completed = 0;
  let failed = 0;
  let next = 0;
  const delay = monitorEventLoopDelay();
  const cpuBefore = process.cpuUsage();
  const startedAt = nowMs();
  const endsAt = startedAt + o.durationMs;
  delay.enable();

  async function caller(): Promise<void> {
    for (let begunAt = nowMs(); begunAt < endsAt; ) {
      next += 1;
      const ok = await create(`${o.prefix}-${next}`);
      const endedAt = nowMs();
      latencies.push(endedAt - begunAt);
      if (!ok) failed += 1;
      else if (endedAt <= endsAt) completed += 1;
      begunAt = endedAt;
    }
  }

  await Promise.all(Array.from({ length: o.callers }, caller));
  delay.disable();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    completed,
    failed,
    elapsedMs: o.durationMs,
    latenciesMs: Float64Array.from(latencies),
    loopDelayP99Ms: delay.percentile(99) / 1e6,
    loopDelayMaxMs: delay.max / 1e6,
    cpuUs: (user + system) * (completed / Math.max(1, latencies.length)),
  };
}

/** One create after the other, the sides in turn. */
export async function runSeries(
  { sides, count, prefix }: SeriesOrder,
  createBy: (side: Side) => Create,
): Promise<SeriesReport> {
  const series = sides.map((side) => ({
    side,
    create: createBy(side),
    latenciesMs: new Float64Array(count),
  }));
  let failed = 0;
  for (let n = 0; n < count; n += 1) {
    for (const { side, create, latenciesMs } of series) {
      const begunAt = nowMs();
      if (!(await create(`${prefix}-${side}-${n}`))) failed += 1;
      latenciesMs[n] = nowMs() - begunAt;
    }
  }
  return { latenciesMs: Object.fromEntries(series.map((one) => [one.side, one.latenciesMs])), failed };
}
