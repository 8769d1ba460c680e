import type { Command } from 'commander';
import { withJournal } from '../connector/with-journal.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';

/** `job journal rebind`: the cluster itself has changed, and the journal is to follow. */
export function registerJournalRebind(journal: Command, host: JobHost): void {
  journal
    .command('rebind')
    .description('bind the journal to the nodes of --nodes, when the cluster itself has changed')
    .addHelpText(
      'after',
      '\nRefused while a connector is open, and for a node that goes with something still to be done on it.',
    )
    .action(
      async (_flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withJournal(run, async (opened, path) => {
            const { nodes, nodesFrom } = await run.settings();
            const report = await opened.rebind(nodes);
            run.output.object({ type: 'rebound', path, nodes, ...report });
            const changes = [
              ...report.added.map((name) => `added ${name}`),
              ...report.removed.map((name) => `removed ${name}`),
              ...report.moved.map((name) => `moved ${name}`),
            ];
            run.output.text(
              `${path} belongs to the nodes from ${nodesFrom}: ${changes.length === 0 ? 'nothing changed' : changes.join(', ')}`,
            );
            if (report.needsRepair) {
              run.output.note(
                'A new node has none of the records: "job repair --direction fill" puts them there.',
              );
            }
            return EXIT.done;
          }),
        ),
    );
}
