import type { BenchContext } from '../harness/context.js';
import { onMember } from '../harness/entries.js';
import type { WorkloadResult } from '../harness/results.js';
import { startRedis } from '../servers/redis.js';
import { CandidatePool } from './coordination/election/candidate-pool.js';
import { benchOnRedis, type RedisSizes } from './coordination/on-redis.js';
import { benchOnSqlite, type SqliteSizes } from './coordination/on-sqlite.js';
import type { Part } from './coordination/part.js';

/** How much of it is done. */
export interface CoordinationSizes {
  readonly redis: RedisSizes;
  readonly sqlite: SqliteSizes;
}

const NO_REDIS: Part = {
  measurements: [],
  notes: ['NOT MEASURED on Redis: no redis-server is installed (Debian: apt-get install redis-server)'],
};

/** Locks, groups and elections on one real Redis beside what a user would take instead, and on SQLite. */
export async function benchCoordination(
  context: BenchContext,
  sizes: CoordinationSizes,
): Promise<WorkloadResult> {
  const { scratch, signal } = context;
  const parts: Part[] = [];
  const { args: from, shown } = await onMember('packages/coordination');
  await using pool = new CandidatePool(from, signal);
  const bench = { ...context, from, pool };
  {
    await using redis = await startRedis({ scratch, signal });
    parts.push(redis === null ? NO_REDIS : await benchOnRedis({ ...bench, redis }, sizes.redis));
  }
  parts.push(await benchOnSqlite(bench, sizes.sqlite));
  return {
    workload: 'coordination',
    measurements: parts.flatMap((part) => part.measurements),
    notes: [`@holdfast/coordination from ${shown}`, ...parts.flatMap((part) => part.notes)],
  };
}
