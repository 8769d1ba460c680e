import { getEventListeners } from 'node:events';
import type { Coordinator } from '@holdfast/coordination';
import { Redis } from 'ioredis';
import { BenchError } from '../../../harness/bench-error.js';
import { pause } from '../../../harness/clock.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { startCoordinator } from '../contenders/holdfast.js';
import type { CyclesOrder, CyclesWorker, Holding } from './protocol.js';

const MIB = 2 ** 20;
const GROUP = 'cycles';
/** One lock in so many is wanted by all callers, so that queues come and go as well. */
const SHARED_EVERY = 20;
/** Until replies that nobody waits for are in. */
const SETTLE_MS = 300;

interface Opened {
  readonly coordinator: Coordinator;
  readonly stats: Redis;
}

let opened: Opened | null = null;
let cycles = 0;
/** As a service has one for its whole life. */
const { signal } = new AbortController();

function sides(): Opened {
  if (opened === null) throw new Error('open() comes first');
  return opened;
}

async function cycle(coordinator: Coordinator, n: number): Promise<void> {
  const lock = coordinator.getLock(n % SHARED_EVERY === 0 ? 'cycle-shared' : `cycle-${n}`);
  if (!(await lock.acquire({ signal })) || !(await lock.release()))
    throw new BenchError('WRONG_REPLY', `cycle ${n} did not get its lock, or lost it`);
  for await (const event of coordinator.events(GROUP, { signal })) {
    if (event.type !== 'snapshot') throw new BenchError('WRONG_REPLY', `a watch began with ${event.type}`);
    break;
  }
}

async function advance({ cycles: count, callers }: CyclesOrder): Promise<Holding> {
  const { coordinator, stats } = sides();
  const target = cycles + count;
  async function caller(): Promise<void> {
    while (cycles < target) {
      cycles += 1;
      await cycle(coordinator, cycles);
    }
  }
  await Promise.all(Array.from({ length: callers }, caller));
  await pause(SETTLE_MS);
  globalThis.gc?.();
  return {
    heapMiB: process.memoryUsage().heapUsed / MIB,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
    listeners: getEventListeners(signal, 'abort').length,
    keys: await stats.dbsize(),
  };
}

serveWorker<CyclesWorker>({
  async open({ url }) {
    const stats = new Redis(url);
    // What others have left would expire meanwhile and hide what these cycles leave.
    await stats.flushall();
    const coordinator = await startCoordinator(url);
    await coordinator.joinGroupCreate(GROUP);
    opened = { coordinator, stats };
  },
  advance,
  async close() {
    const { coordinator, stats } = sides();
    await coordinator.stop();
    await stats.quit();
  },
});
