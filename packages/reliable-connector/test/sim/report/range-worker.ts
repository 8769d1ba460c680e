import { runSeed } from '../run-seed.js';
import { brokenRun } from './range.js';

process.on('message', (seed: number) => {
  void runSeed(seed)
    .catch((error: Error) => brokenRun(seed, `the run itself threw ${error.stack}`))
    .then((result) => process.send?.(result));
});
