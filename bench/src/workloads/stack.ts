import { buildStale } from '../harness/build-stale.js';
import { nowMs, pause } from '../harness/clock.js';
import type { BenchContext } from '../harness/context.js';
import type { WorkloadResult } from '../harness/results.js';
import { startRedis } from '../servers/redis.js';
import { benchChaos } from './stack/chaos.js';
import { fulfil } from './stack/convergence.js';
import { DevStack } from './stack/dev-stack.js';
import { benchElections } from './stack/elections.js';
import { measureIdle } from './stack/idle.js';
import type { Part } from './stack/part.js';
import type { StackSizes } from './stack/sizes.js';
import { benchWants } from './stack/wants.js';

const NO_REDIS: Part = {
  measurements: [],
  notes: ['NOT MEASURED on Redis: no redis-server is installed (Debian: apt-get install redis-server)'],
};
/** Far from all other ids. */
const IDLE_FROM = 500_000;

/**
 * The stack as `pnpm dev` starts it: what it takes when idle, how long it is without a leader, and how long a wish takes.
 * While one stack settles another one is measured; when it is looked at, it runs alone.
 */
export async function benchStack(context: BenchContext, sizes: StackSizes): Promise<WorkloadResult> {
  const { signal, say } = context;
  await buildStale(signal, say);
  const parts = await benchUnstruck(context, sizes);
  parts.push(await benchChaos(context, sizes.chaosSeconds));
  return {
    workload: 'stack',
    measurements: parts.flatMap(({ measurements }) => measurements),
    notes: [
      'cluster-sim, engine-mock and three workers as pnpm dev starts them, built, without faults; the launcher is not counted',
      ...parts.flatMap(({ notes }) => notes),
    ],
  };
}

async function benchUnstruck(context: BenchContext, sizes: StackSizes): Promise<Part[]> {
  const { scratch, signal } = context;
  const { idle, leaseMs } = sizes;
  await using stack = await DevStack.start({ scratch, backend: 'sqlite', leaseMs, signal });
  const startedAt = nowMs();
  const onRedis = await benchOnRedis(context, sizes);
  await pause(Math.max(0, startedAt + idle.settleMs - nowMs()), signal);
  const fresh = await measureIdle(context, stack, {
    id: 'stack.idle',
    when: `${idle.settleMs / 1000} s after its start`,
    sampleMs: idle.sampleMs,
  });
  await fulfil(stack, { operation: 'want', from: IDLE_FROM, ids: idle.ids }, signal);
  const filledAt = nowMs();
  const onSqlite = await benchOnSqlite(context, sizes);
  await pause(Math.max(0, filledAt + idle.settleMs - nowMs()), signal);
  const filled = await measureIdle(context, stack, {
    id: `stack.idle-${idle.ids}`,
    when: `${idle.settleMs / 1000} s after ${idle.ids} ids were wanted`,
    sampleMs: idle.sampleMs,
  });
  await fulfil(stack, { operation: 'unwant', from: IDLE_FROM, ids: idle.ids }, signal);
  const wants = await benchWants(context, stack, sizes.wants);
  return [{ measurements: [...fresh, ...filled], notes: [] }, onSqlite, onRedis, wants];
}

/** On a stack of its own, gone before the other one is looked at. */
async function benchOnSqlite(context: BenchContext, sizes: StackSizes): Promise<Part> {
  const { scratch, signal } = context;
  if (sizes.elections === 0) return { measurements: [], notes: [] };
  await using stack = await DevStack.start({ scratch, backend: 'sqlite', leaseMs: sizes.leaseMs, signal });
  // Not before it has ended is the stack disposed of.
  return await benchElections(context, stack, sizes);
}

async function benchOnRedis(context: BenchContext, sizes: StackSizes): Promise<Part> {
  const { scratch, signal } = context;
  if (!sizes.redis) return { measurements: [], notes: [] };
  await using redis = await startRedis({ scratch, signal });
  if (redis === null) return NO_REDIS;
  await using stack = await DevStack.start({
    ...{ scratch, backend: 'redis', leaseMs: sizes.leaseMs, signal },
    coordinationUrl: redis.url,
  });
  const elections = await benchElections(context, stack, sizes);
  const wants = await benchWants(context, stack, sizes.redisWants);
  return {
    measurements: [...elections.measurements, ...wants.measurements],
    notes: [...elections.notes, ...wants.notes],
  };
}
