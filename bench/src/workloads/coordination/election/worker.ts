import { BenchError } from '../../../harness/bench-error.js';
import { hostMs } from '../../../harness/clock.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { standByEtcd3 } from './on-etcd.js';
import { standByHoldfast } from './on-holdfast.js';
import type { Elected, ElectionWorker } from './protocol.js';
import type { Standing } from './standing.js';

let standing: Standing | null = null;
const untold: Elected[] = [];
let tell: ((elected: Elected) => void) | null = null;

function opened(): Standing {
  if (standing === null) throw new Error('stand() comes first');
  return standing;
}

function announce(elected: Elected): void {
  if (tell === null) untold.push(elected);
  else tell(elected);
  tell = null;
}

serveWorker<ElectionWorker>({
  async stand(setup) {
    const standBy = setup.url.startsWith('http:') ? standByEtcd3 : standByHoldfast;
    standing = await standBy(setup, announce);
  },
  elected: () => {
    const first = untold.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      tell = resolve;
    });
  },
  async standDown() {
    const atMs = hostMs();
    if (!(await opened().standDown()))
      throw new BenchError('WRONG_REPLY', 'it does not lead and cannot stand down');
    return { atMs };
  },
  async request() {
    const atMs = hostMs();
    if (!(await opened().request()))
      throw new BenchError('WRONG_REPLY', 'nobody leads who could be asked to stand down');
    return { atMs };
  },
  pid: async () => process.pid,
  async close() {
    const ended = opened();
    standing = null;
    await ended.end();
    untold.length = 0;
    tell = null;
  },
});
