import { join } from 'node:path';
import { openConnector, type ReliableConnector } from '@holdfast/reliable-connector';
import { serveWorker } from '../../harness/worker-host.js';
import { BareSide } from './bare-side.js';
import { DurableFile } from './durable-file.js';
import { type Create, runCallers, runSeries } from './run-callers.js';
import type { ReliableWorker, Side, WorkerSetup } from './worker-protocol.js';

/** Both sides in one process, as the contract of the measurement asks: each heats the same heap and the same loop. */
interface Sides {
  readonly connector: ReliableConnector;
  readonly bare: BareSide;
  readonly file: DurableFile;
}

let sides: Sides | null = null;

async function open(setup: WorkerSetup): Promise<void> {
  const connector = await openConnector({ nodes: setup.nodes, journal: setup.journal });
  sides = {
    connector,
    bare: new BareSide(setup.nodes, connector.journalId.length),
    file: new DurableFile(join(setup.folder, `floor-${process.pid}`)),
  };
}

function opened(): Sides {
  if (sides === null) throw new Error('open() comes first');
  return sides;
}

function createBy(side: Side): Create {
  const { connector, bare, file } = opened();
  switch (side) {
    case 'bare':
      return (id) => bare.create(id);
    case 'floor':
      return async (id) => {
        file.append();
        const done = await bare.create(id);
        file.append();
        return done;
      };
    case 'journaled':
      return async (id) => (await connector.createGroup(id)).status === 'committed';
  }
}

serveWorker<ReliableWorker>({
  open,
  callers: (order) => runCallers(order, createBy(order.side)),
  series: (order) => runSeries(order, createBy),
  async close() {
    const { connector, bare, file } = opened();
    sides = null;
    await connector.close({ graceMs: 1_000 });
    await bare.close();
    file.close();
  },
});
