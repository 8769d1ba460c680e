#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { runJob } from './run-job.js';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one does not wait: everything that was begun is in the journal.
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort();
  });
}
// A reader that went away (`job sagas | head`) ends the work in good order instead of with a stack trace.
process.stdout.on('error', () => interruption.abort());

const exitCode = await runJob(process.argv.slice(2), { signal: interruption.signal });
process.stderr.write('', () => process.stdout.write('', () => process.exit(exitCode)));
