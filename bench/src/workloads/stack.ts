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
/** Wishes of so many ids take longer than a stack needs to settle. */
const MANY_IDS = 1_000;

/** What is done with a stack, which is gone afterwards. */
type Use = (stack: DevStack) => Promise<Part>;

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
      // That Redis is missing is said once.
      ...new Set(parts.flatMap(({ notes }) => notes)),
    ],
  };
}

async function benchUnstruck(context: BenchContext, sizes: StackSizes): Promise<Part[]> {
  const { scratch, signal } = context;
  const { idle, leaseMs } = sizes;
  await using stack = await DevStack.start({ scratch, backend: 'sqlite', leaseMs, signal });
  /** Does something else while the stack settles, then looks at it. */
  const idleAfter = async (elsewhere: () => Promise<readonly Part[]>, look: { id: string; when: string }) => {
    const since = nowMs();
    const parts = await elsewhere();
    await pause(Math.max(0, since + idle.settleMs - nowMs()), signal);
    const measurements = await measureIdle(context, stack, { ...look, sampleMs: idle.sampleMs });
    return { idle: { measurements, notes: [] }, parts };
  };
  const fresh = await idleAfter(() => benchEveryElection(context, sizes), {
    id: 'stack.idle',
    when: `${idle.settleMs / 1000} s after its start`,
  });
  await fulfil(stack, { operation: 'want', from: IDLE_FROM, ids: idle.ids }, signal);
  const filled = await idleAfter(() => benchFewWants(context, sizes), {
    id: `stack.idle-${idle.ids}`,
    when: `${idle.settleMs / 1000} s after ${idle.ids} ids were wanted`,
  });
  await fulfil(stack, { operation: 'unwant', from: IDLE_FROM, ids: idle.ids }, signal);
  const many = sizes.wants.filter((ids) => ids >= MANY_IDS);
  const manyWants = await benchWants(context, stack, many);
  return [fresh.idle, filled.idle, ...fresh.parts, ...filled.parts, manyWants];
}

/** Both backends at once: waiting for a lease to run out takes no core. Where one fails the other is not left running. */
async function benchEveryElection(context: BenchContext, sizes: StackSizes): Promise<readonly Part[]> {
  if (sizes.elections === 0) return [];
  const use: Use = (stack) => benchElections(context, stack, sizes);
  const both = await Promise.allSettled([onSqlite(context, sizes, use), onRedis(context, sizes, use)]);
  return both.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

async function benchFewWants(context: BenchContext, sizes: StackSizes): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const few = sizes.wants.filter((ids) => ids < MANY_IDS);
  if (few.length > 0) parts.push(await onSqlite(context, sizes, (stack) => benchWants(context, stack, few)));
  if (sizes.redisWants.length > 0)
    parts.push(await onRedis(context, sizes, (stack) => benchWants(context, stack, sizes.redisWants)));
  return parts;
}

async function onSqlite({ scratch, signal }: BenchContext, { leaseMs }: StackSizes, use: Use): Promise<Part> {
  await using stack = await DevStack.start({ scratch, backend: 'sqlite', leaseMs, signal });
  // Not before it has ended is the stack disposed of.
  return await use(stack);
}

async function onRedis(
  { scratch, signal }: BenchContext,
  { redis, leaseMs }: StackSizes,
  use: Use,
): Promise<Part> {
  if (!redis) return { measurements: [], notes: [] };
  await using server = await startRedis({ scratch, signal });
  if (server === null) return NO_REDIS;
  await using stack = await DevStack.start({
    ...{ scratch, backend: 'redis', leaseMs, signal },
    coordinationUrl: server.url,
  });
  return await use(stack);
}
