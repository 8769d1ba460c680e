import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../../src/clock.js';
import { silentLogger } from '../../../src/logger.js';
import { systemRandom } from '../../../src/random.js';
import { type WorkerThreadsSpace, workerThreadsStore } from '../../../src/stores/worker-threads/index.js';

/** Counts up in a space as often as `times` says, and tells which versions it replaced. */
const { space, times }: { space: WorkerThreadsSpace; times: number } = workerData;
const key = { target: 'engine.example:443', cluster: 'shared' };
const context = { clock: systemClock, logger: silentLogger, random: systemRandom };
const store = workerThreadsStore(space)(key, context);
const start = await store.read();

const counted = async (): Promise<void> => {
  const won: { over: string; by: string }[] = [];
  while (won.length < times) {
    const { version, state } = await store.read();
    const lastCheckTime = state.lastCheckTime + 1;
    const by = await store.compareAndSet(version, { strategy: 'green', lastCheckTime });
    if (by !== null) won.push({ over: version, by });
  }
  parentPort?.postMessage(won);
};

// The first write of anybody is the start for all. Nothing is disposed of: the thread ends although the store is open.
const unsubscribe = store.subscribe(async () => {
  if ((await store.read()).version === start.version) return;
  unsubscribe();
  await counted();
  parentPort?.close();
});
parentPort?.once('message', () => {});
parentPort?.postMessage('listening');
