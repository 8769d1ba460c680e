import type { Coordinator } from '@holdfast/coordination';
import { Redis } from 'ioredis';
import { BenchError } from '../../../harness/bench-error.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { startCoordinator } from '../contenders/holdfast.js';
import { callsOf, commandCounts, since } from '../redis-counts.js';
import { type GroupsFloor, openGroupsFloor } from './floor.js';
import { inTurn, repeated } from './in-turn.js';
import type { BeatOrder, BeatReport, GroupsWorker, ReadOrder, ReadReport } from './protocol.js';
import { seedGroup } from './seed.js';

interface Sides {
  readonly url: string;
  readonly coordinator: Coordinator;
  readonly floor: GroupsFloor;
  readonly stats: Redis;
}

const GROUP = 'holdfast-bench';
const SCRIPT_CALLS = ['evalsha', 'eval'] as const;

let sides: Sides | null = null;

function opened(): Sides {
  if (sides === null) throw new Error('open() comes first');
  return sides;
}

async function read({ group, members, slices, perSlice }: ReadOrder): Promise<ReadReport> {
  const { coordinator, floor } = opened();
  const holdfast = async (): Promise<void> => {
    const { size } = await coordinator.getMembersWithCapabilities(group);
    if (size !== members)
      throw new BenchError('WRONG_REPLY', `${group} has ${size} members instead of ${members}`);
  };
  const commands = await counted(holdfast);
  return {
    commands,
    sides: await inTurn({ slices, perSlice }, { floor: () => floor.read(group), holdfast }),
  };
}

async function beat({ locks, count }: BeatOrder): Promise<BeatReport> {
  const { url } = opened();
  // Of its own, so that it renews these locks and nothing else; by hand, so that no beat of its heart comes between.
  await using coordinator = await startCoordinator(url);
  await coordinator.heart.stop();
  const held = Array.from({ length: locks }, (_, n) => coordinator.getLock(`held-${locks}-${n}`));
  await Promise.all(held.map((lock) => lock.acquire()));
  let series = await repeated(1, async () => void (await coordinator.heartbeat()));
  const commands = await counted(async () => {
    series = await repeated(count, async () => void (await coordinator.heartbeat()));
  });
  if (!held.every((lock) => lock.acquired)) throw new BenchError('WRONG_REPLY', 'a beat has lost a lock');
  return { ...series, commands: commands / count };
}

/** Scripts that the server was asked to run meanwhile. */
async function counted(action: () => Promise<void>): Promise<number> {
  const { stats } = opened();
  const before = await commandCounts(stats);
  await action();
  return callsOf(since(before, await commandCounts(stats)), SCRIPT_CALLS);
}

serveWorker<GroupsWorker>({
  async open({ url }) {
    const coordinator = await startCoordinator(url);
    await coordinator.createGroup(GROUP);
    sides = { url, coordinator, floor: await openGroupsFloor(url), stats: new Redis(url) };
  },
  joinLeave(order) {
    const { coordinator, floor } = opened();
    return inTurn(order, {
      async floor() {
        await floor.join();
        await floor.leave();
      },
      async holdfast() {
        await coordinator.joinGroup(GROUP);
        await coordinator.leaveGroup(GROUP);
      },
    });
  },
  seed: (order) => seedGroup(opened().url, order),
  read,
  beat,
  async close() {
    const { coordinator, floor, stats } = opened();
    await coordinator.stop();
    await floor[Symbol.asyncDispose]();
    await stats.quit();
  },
});
