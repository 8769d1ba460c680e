import { fileURLToPath } from 'node:url';
import { Worker } from '../../harness/worker.js';
import type { RedisProcess } from '../../servers/redis.js';
import { benchCycles, type CyclesSizes } from './cycles/cycles.js';
import { benchElection, type ElectionSizes } from './election/hand-over.js';
import { type BeatSize, benchHeartbeat } from './groups/heartbeat.js';
import { benchJoinLeave } from './groups/join-leave.js';
import { benchMembers, type MembersSize } from './groups/members.js';
import type { GroupsWorker, TimesOrder } from './groups/protocol.js';
import { benchContended, type ContendedSizes } from './locks/contended.js';
import { benchPairs, type PairsSize } from './locks/pairs.js';
import type { LocksWorker } from './locks/protocol.js';
import type { CoordinationBench, Part, RedisBench } from './part.js';
import { startTooz } from './tooz/tooz-peer.js';

/** How much is done on Redis. */
export interface RedisSizes {
  readonly pairs: readonly PairsSize[];
  readonly contended: ContendedSizes;
  readonly joinLeave: TimesOrder;
  readonly members: readonly MembersSize[];
  readonly heartbeat: readonly BeatSize[];
  readonly election: ElectionSizes;
  readonly cycles: CyclesSizes;
}

const HAND_OVER = { mostP50Ms: 5, mostP99Ms: 25 } as const;

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** All parts on one server; Python's tooz takes part where it is installed. */
export async function benchOnRedis(
  context: CoordinationBench & { readonly redis: RedisProcess },
  sizes: RedisSizes,
): Promise<Part> {
  const { redis, signal } = context;
  await using tooz = await startTooz(redis.url, signal);
  const bench: RedisBench = { ...context, tooz };
  const parts = [
    ...(await benchLocks(bench, sizes)),
    ...(await benchGroups(bench, sizes)),
    await benchElection(bench, { name: 'redis', url: redis.url, ...HAND_OVER }, sizes.election),
    await benchCycles(bench, sizes.cycles),
  ];
  return {
    measurements: parts.flatMap((part) => part.measurements),
    notes: [
      `redis-server ${redis.version}, nothing on disk; ${tooz?.fullName ?? 'Python tooz is not installed'}`,
      ...parts.flatMap((part) => part.notes),
    ],
  };
}

async function benchLocks(bench: RedisBench, sizes: RedisSizes): Promise<Part[]> {
  const { signal, redis, from } = bench;
  await using worker = await Worker.start<LocksWorker>({ script: script('./locks/worker.ts'), from, signal });
  await worker.call('open', { url: redis.url });
  const parts: Part[] = [];
  for (const size of sizes.pairs) parts.push(await benchPairs(bench, worker, size));
  parts.push(await benchContended(bench, worker, sizes.contended));
  await worker.call('close', null);
  return parts;
}

async function benchGroups(bench: RedisBench, sizes: RedisSizes): Promise<Part[]> {
  const { signal, redis, from } = bench;
  await using worker = await Worker.start<GroupsWorker>({
    script: script('./groups/worker.ts'),
    from,
    signal,
  });
  await worker.call('open', { url: redis.url });
  const parts = [
    await benchJoinLeave(bench, worker, sizes.joinLeave),
    await benchMembers(bench, worker, sizes.members),
    await benchHeartbeat(bench, worker, sizes.heartbeat),
  ];
  await worker.call('close', null);
  return parts;
}
