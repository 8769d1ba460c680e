import { fileURLToPath } from 'node:url';
import { BenchError } from '../../harness/bench-error.js';
import { Worker } from '../../harness/worker.js';
import { startEtcd } from '../../servers/etcd.js';
import type { RedisProcess } from '../../servers/redis.js';
import { absent } from './absent.js';
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
import { benchWatch, type WatchSizes } from './watch/watch.js';

/** How much is done on Redis. */
export interface RedisSizes {
  readonly pairs: readonly PairsSize[];
  readonly contended: ContendedSizes;
  readonly joinLeave: TimesOrder;
  readonly members: readonly MembersSize[];
  readonly heartbeat: readonly BeatSize[];
  readonly watch: WatchSizes;
  readonly election: ElectionSizes;
  /** The same on etcd. */
  readonly etcdElection: ElectionSizes;
  readonly cycles: CyclesSizes;
}

const HAND_OVER = { mostP50Ms: 5, mostP99Ms: 25, mostBeyondLeaseMs: 250 } as const;

/**
 * To stand in line on etcd takes several writes that it syncs one after the other, and a candidate of etcd3 whose watch is
 * not there yet when the leader resigns is never elected.
 */
const ETCD_LINE_UP_MS = 200;

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** All parts on one server; Python's tooz and etcd take part where they are installed. */
export async function benchOnRedis(
  context: CoordinationBench & { readonly redis: RedisProcess },
  sizes: RedisSizes,
): Promise<Part> {
  const { redis, signal } = context;
  await using tooz = await startTooz(redis.url, signal);
  await using etcd = await startEtcd(context);
  const bench: RedisBench = { ...context, tooz, etcd };
  const parts = [
    ...(await benchLocks(bench, sizes)),
    ...(await benchGroups(bench, sizes)),
    await benchWatch(bench, sizes.watch),
    await benchElection(bench, { name: 'redis', url: redis.url, ...HAND_OVER }, sizes.election),
    await benchEtcdElection(bench, sizes.etcdElection),
    await benchCycles(bench, sizes.cycles),
  ];
  return {
    measurements: parts.flatMap((part) => part.measurements),
    notes: [
      `redis-server ${redis.version}, nothing on disk; ${tooz?.fullName ?? 'Python tooz is not installed'}`,
      etcd === null
        ? 'etcd is not installed'
        : `etcd ${etcd.version}, one member, heartbeat 50 ms and election 500 ms, so that it grants leases of a second; it writes and syncs each change to the disk before it answers, as it always does, Redis here none`,
      ...parts.flatMap((part) => part.notes),
    ],
  };
}

async function benchLocks(bench: RedisBench, sizes: RedisSizes): Promise<Part[]> {
  const { signal, redis, from } = bench;
  await using worker = await Worker.start<LocksWorker>({ script: script('./locks/worker.ts'), from, signal });
  await worker.call('open', { redis: redis.url, etcd: bench.etcd?.url ?? null });
  const parts: Part[] = [];
  for (const size of sizes.pairs) parts.push(await benchPairs(bench, worker, size));
  parts.push(await benchContended(bench, worker, sizes.contended));
  await worker.call('close', null);
  return parts;
}

async function benchEtcdElection(bench: RedisBench, sizes: ElectionSizes): Promise<Part> {
  if (bench.etcd === null)
    return { measurements: [absent('etcd', 'coordination.etcd.standDown', 'ms')], notes: [] };
  const backend = {
    name: 'etcd',
    url: bench.etcd.url,
    kinds: ['standDown'],
    lineUpMs: ETCD_LINE_UP_MS,
  } as const;
  try {
    return await benchElection(bench, backend, sizes);
  } catch (error) {
    if (!(error instanceof BenchError) || error.code !== 'CHILD_FAILED') throw error;
    return { measurements: [], notes: [`NOT MEASURED on etcd: elections by etcd3 (${error.message})`] };
  }
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
