import type { Command } from 'commander';
import { withConnector } from '../connector/with-connector.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { formatDuration } from '../output/durations.js';
import { renderTable } from '../output/table.js';

/** `job parked`: what needs an operator, with its age and why. */
export function registerParked(program: Command, host: JobHost): void {
  program
    .command('parked')
    .description('list what needs an operator or a node that is away; exits 4 while there is something')
    .action(
      async (_flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, { existing: true, warns: false }, async (connector) => {
            const parked = await connector.parked();
            for (const saga of parked) run.output.object({ type: 'parked', ...saga });
            run.output.object({ type: 'summary', parked: parked.length });
            run.output.text(
              ...renderTable(
                ['saga', 'what', 'id', 'node', 'for', 'why'],
                parked.map((saga) => [
                  saga.sagaId,
                  saga.definition,
                  saga.groupId ?? '–',
                  saga.node,
                  formatDuration(saga.ageMs),
                  saga.why,
                ]),
              ),
            );
            if (parked.length === 0) {
              run.output.note('Nothing is parked.');
              return EXIT.done;
            }
            run.output.note('Bring the node back and run "job recover", or decide by "job resolve".');
            return EXIT.unsettled;
          }),
        ),
    );
}
