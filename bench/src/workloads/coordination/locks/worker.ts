import { Redis } from 'ioredis';
import { serveWorker } from '../../../harness/worker-host.js';
import type { LockContender, OpenContender } from '../contenders/contender.js';
import { openContender, type ServerUrls } from '../contenders/open-contender.js';
import { messageCounts } from '../etcd-counts.js';
import { type CommandCounts, commandCounts } from '../redis-counts.js';
import type { LocksWorker } from './protocol.js';
import { runContended } from './run-contended.js';
import { runPairs } from './run-pairs.js';

let urls: ServerUrls = { redis: '', etcd: null };
let stats: Redis | null = null;
const opened = new Map<LockContender, OpenContender>();

/** One connection of each contender serves all pairs: each has met the same heap and the same loop. */
async function connected(contender: LockContender): Promise<OpenContender> {
  const known = opened.get(contender) ?? (await openContender(contender, urls));
  opened.set(contender, known);
  return known;
}

async function counts(contender: LockContender): Promise<CommandCounts> {
  if (contender === 'etcd3-queue') return messageCounts(urls.etcd ?? '');
  if (stats === null) throw new Error('open() comes first');
  return commandCounts(stats);
}

serveWorker<LocksWorker>({
  async open(setup) {
    urls = setup;
    stats = new Redis(setup.redis);
  },
  pairs: (order) => runPairs(order, connected),
  contended(order) {
    return runContended(order, {
      open: () => openContender(order.contender, urls),
      counts: () => counts(order.contender),
    });
  },
  async close() {
    await Promise.all([...opened.values()].map((one) => one[Symbol.asyncDispose]()));
    await stats?.quit();
  },
});
