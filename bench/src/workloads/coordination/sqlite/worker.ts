import type { Coordinator } from '@holdfast/coordination';
import { serveWorker } from '../../../harness/worker-host.js';
import type { OpenContender } from '../contenders/contender.js';
import { lockerOf, startCoordinator } from '../contenders/holdfast.js';
import { runPairs } from '../locks/run-pairs.js';
import { openSqliteFloor } from './floor.js';
import type { SqliteContender, SqliteWorker } from './protocol.js';
import { runCrowd } from './run-crowd.js';

interface Opened {
  readonly coordinator: Coordinator;
  readonly floor: OpenContender;
}

let opened: Opened | null = null;

function sides(): Opened {
  if (opened === null) throw new Error('open() comes first');
  return opened;
}

async function contender(which: SqliteContender): Promise<OpenContender> {
  const { coordinator, floor } = sides();
  return which === 'floor'
    ? floor
    : {
        locker: (name, signal) => lockerOf(coordinator, name, signal),
        [Symbol.asyncDispose]: async () => {},
      };
}

serveWorker<SqliteWorker>({
  async open({ url, folder }) {
    opened = { coordinator: await startCoordinator(url), floor: await openSqliteFloor(folder) };
  },
  pairs: (order) => runPairs(order, contender),
  crowd: (order) => runCrowd(sides().coordinator, order),
  async close() {
    const { coordinator, floor } = sides();
    await coordinator.stop();
    await floor[Symbol.asyncDispose]();
  },
});
