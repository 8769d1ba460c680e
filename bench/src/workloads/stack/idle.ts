import { nowMs, pause } from '../../harness/clock.js';
import type { BenchContext } from '../../harness/context.js';
import { processCpuUs } from '../../harness/process-cpu.js';
import { processPss } from '../../harness/process-memory.js';
import { bar, type Measurement } from '../../harness/results.js';
import type { DevStack } from './dev-stack.js';

const MEGABYTE = 1e6;
const MOST_MEGABYTES = 500;
const MOST_PERCENT = 10;

/** What the five processes of a stack take that has nothing to do. `id`: `stack.idle`. */
export async function measureIdle(
  { say, signal }: BenchContext,
  stack: DevStack,
  { id, when, sampleMs }: { readonly id: string; readonly when: string; readonly sampleMs: number },
): Promise<readonly Measurement[]> {
  const { pids } = stack;
  say(`stack: idle for ${sampleMs} ms, ${when}`);
  const pss = (await Promise.all(pids.map(processPss))).reduce((sum, one) => sum + one, 0) / MEGABYTE;
  const before = await Promise.all(pids.map(processCpuUs));
  const begunAt = nowMs();
  await pause(sampleMs, signal);
  const after = await Promise.all(pids.map(processCpuUs));
  const elapsedMs = nowMs() - begunAt;
  const cpuUs = after.reduce((sum, one, n) => sum + one - (before[n] ?? Number.NaN), 0);
  const percent = cpuUs / (elapsedMs * 10);
  const whose = `idle ${when}, ${pids.length} processes`;
  return [
    {
      id: `${id}.pss`,
      what: `${whose}: PSS`,
      unit: 'MB',
      value: pss,
      bar: bar('atMost', MOST_MEGABYTES, 'value', pss),
    },
    {
      id: `${id}.cpu`,
      what: `${whose}: CPU, of one core`,
      unit: '%',
      value: percent,
      bar: bar('atMost', MOST_PERCENT, 'value', percent),
    },
  ];
}
