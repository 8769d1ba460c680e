import { nowMs } from '../../../harness/clock.js';
import {
  GROUP_SIDES,
  type GroupSide,
  type SeriesReport,
  type SidesReport,
  type TimesOrder,
} from './protocol.js';

/** Both sides in turn, slice by slice: what disturbs one disturbs the other as well. */
export async function inTurn(
  { slices, perSlice }: TimesOrder,
  actions: Readonly<Record<GroupSide, () => Promise<void>>>,
): Promise<SidesReport> {
  const reports: Record<GroupSide, SeriesReport[]> = { floor: [], holdfast: [] };
  const order = [...GROUP_SIDES];
  for (let slice = 0; slice < slices; slice += 1) {
    for (const side of order) reports[side].push(await repeated(perSlice, actions[side]));
    order.reverse();
  }
  return { floor: joined(reports.floor), holdfast: joined(reports.holdfast) };
}

/** One after the other. */
export async function repeated(count: number, action: () => Promise<void>): Promise<SeriesReport> {
  const lapsMs = new Float64Array(count);
  const cpuBefore = process.cpuUsage();
  for (let n = 0; n < count; n += 1) {
    const begunAt = nowMs();
    await action();
    lapsMs[n] = nowMs() - begunAt;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { lapsMs, cpuUs: user + system };
}

function joined(reports: readonly SeriesReport[]): SeriesReport {
  return {
    lapsMs: Float64Array.from(reports.flatMap((one) => [...one.lapsMs])),
    cpuUs: reports.reduce((sum, one) => sum + one.cpuUs, 0),
  };
}
