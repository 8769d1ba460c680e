import { serveWorker } from '../../../harness/worker-host.js';
import { FAKES, type Fake, type OwnCostWorker } from './protocol.js';
import { inTurn } from './run-calls.js';
import { openSenders, type Senders } from './senders.js';

const opened = new Map<Fake, Senders>();
for (const fake of FAKES) opened.set(fake, await openSenders(fake));

serveWorker<OwnCostWorker>({
  async calls({ fake, ...order }) {
    const senders = opened.get(fake);
    if (senders === undefined) throw new Error(`there is no fake ${fake}`);
    return inTurn(senders, order);
  },
});
