import { openSagaEngine } from '../../../src/index.js';
import { SERVICES } from './engine.js';
import { orderIn } from './order-files.js';

/** Runs sagas on the journal at argv[2] and kills itself in the middle of the tenth call of a step. */
const [, , journal = '', orders = ''] = process.argv;
let calls = 0;
const spec = orderIn(orders, () => {
  calls += 1;
  if (calls === 10) process.kill(process.pid, 'SIGKILL');
});
const engine = await openSagaEngine({ journal, sagas: [spec], services: SERVICES });
await Promise.all(Array.from({ length: 8 }, () => engine.run(spec, null)));
