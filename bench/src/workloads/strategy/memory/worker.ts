import { serveWorker } from '../../../harness/worker-host.js';
import { Churn } from './churn.js';
import { iterate } from './iterate.js';
import type { StrategyMemoryWorker } from './protocol.js';

let opened: Churn | null = null;

function churn(): Churn {
  if (opened === null) throw new Error('openChurn() comes first');
  return opened;
}

serveWorker<StrategyMemoryWorker>({
  iterate,
  async openChurn(setup) {
    opened = await Churn.open(setup);
  },
  churn: (queries) => churn().advance(queries),
  async closeChurn() {
    await churn()[Symbol.asyncDispose]();
    opened = null;
  },
});
