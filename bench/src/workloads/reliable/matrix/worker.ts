import { serveWorker } from '../../../harness/worker-host.js';
import { CREATORS, type Creator, type CreatorName, type CreatorSetup } from './contenders/contender.js';
import { openCreator } from './contenders/open-creator.js';
import type { MatrixWorker } from './protocol.js';
import { runSlice } from './run-slice.js';

const opened = new Map<CreatorName, Creator>();

async function open(setup: CreatorSetup): Promise<void> {
  await close();
  for (const name of CREATORS) opened.set(name, await openCreator(name, setup));
}

async function close(): Promise<void> {
  const all = [...opened.values()];
  opened.clear();
  await Promise.all(all.map((one) => one[Symbol.asyncDispose]()));
}

serveWorker<MatrixWorker>({
  open,
  slice(order) {
    const creator = opened.get(order.creator);
    if (creator === undefined) throw new Error('open() comes first');
    return runSlice(order, creator);
  },
  close,
});
