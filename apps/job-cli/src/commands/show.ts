import type { Command } from 'commander';
import { withConnector } from '../connector/with-connector.js';
import { EXIT } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import type { JobHost } from '../job-host.js';
import { sagaLine, sagaTexts } from '../output/saga-lines.js';
import { sagaNumber } from './arguments.js';

/** `job show <saga>`: its history with every attempt, what the answer meant, and what was decided. */
export function registerShow(program: Command, host: JobHost): void {
  program
    .command('show')
    .description('show one saga with every attempt and decision')
    .argument('<saga>', 'number of the saga', sagaNumber)
    .action(
      async (sagaId: number, _flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, { existing: true }, async (connector) => {
            const saga = await connector.status(sagaId);
            if (saga === null) {
              throw new JobError('NOT_FOUND', `the journal has no saga ${sagaId}`, {
                remedy: 'Ended sagas are kept for 7 days; "job sagas --state all" lists what is there.',
              });
            }
            run.output.object(sagaLine(saga));
            run.output.text(...sagaTexts(saga, run.io.clock.now()));
            return EXIT.done;
          }),
        ),
    );
}
