import { Redis } from 'ioredis';
import { serveWorker } from '../../../harness/worker-host.js';
import type { LockContender, OpenContender } from '../contenders/contender.js';
import { openContender } from '../contenders/open-contender.js';
import type { LocksWorker } from './protocol.js';
import { runContended } from './run-contended.js';
import { runPairs } from './run-pairs.js';

let url = '';
let stats: Redis | null = null;
const opened = new Map<LockContender, OpenContender>();

/** One connection of each contender serves all pairs: each has met the same heap and the same loop. */
async function connected(contender: LockContender): Promise<OpenContender> {
  const known = opened.get(contender) ?? (await openContender(contender, url));
  opened.set(contender, known);
  return known;
}

serveWorker<LocksWorker>({
  async open(setup) {
    url = setup.url;
    stats = new Redis(url);
  },
  pairs: (order) => runPairs(order, connected),
  contended(order) {
    if (stats === null) throw new Error('open() comes first');
    return runContended(order, { open: () => openContender(order.contender, url), stats });
  },
  async close() {
    await Promise.all([...opened.values()].map((one) => one[Symbol.asyncDispose]()));
    await stats?.quit();
  },
});
