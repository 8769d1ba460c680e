import { nowMs } from '../../../harness/clock.js';
import type { Round } from '../../../harness/rounds.js';
import { serveWorker } from '../../../harness/worker-host.js';
import type { ServerUrls } from '../contenders/open-contender.js';
import { openWatchedEtcd3 } from './etcd3.js';
import { openWatchedFloor } from './floor.js';
import { openWatchedHoldfast } from './holdfast.js';
import type { Watched, WatcherName, WatchOrder, WatchWorker } from './protocol.js';

const opened = new Map<WatcherName, Watched>();

async function open({ redis, etcd }: ServerUrls): Promise<void> {
  opened.set('floor', await openWatchedFloor(redis));
  opened.set('holdfast', await openWatchedHoldfast(redis));
  if (etcd !== null) opened.set('etcd3', await openWatchedEtcd3(etcd));
}

async function joins(o: WatchOrder): Promise<Round<Float64Array>> {
  const all = o.watchers.map((name) => {
    const watched = opened.get(name);
    if (watched === undefined) throw new Error(`there is no ${name}`);
    return { name, watched, laps: new Float64Array(o.joins) };
  });
  for (let n = 0; n < o.joins; n += 1) {
    for (const { watched, laps } of all) {
      const begunAt = nowMs();
      await watched.join();
      laps[n] = nowMs() - begunAt;
      await watched.leave();
    }
  }
  return Object.fromEntries(all.map(({ name, laps }) => [name, laps]));
}

serveWorker<WatchWorker>({
  open,
  joins,
  async close() {
    await Promise.all([...opened.values()].map((one) => one[Symbol.asyncDispose]()));
    opened.clear();
  },
});
