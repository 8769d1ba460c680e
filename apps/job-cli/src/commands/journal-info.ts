import type { JournalInfo } from '@holdfast/reliable-connector';
import type { Command } from 'commander';
import { withJournal } from '../connector/with-journal.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { renderTable } from '../output/table.js';

/** `job journal info`: what the file is and what it holds. */
export function registerJournalInfo(journal: Command, host: JobHost): void {
  journal
    .command('info')
    .description('show what the journal is and what it holds')
    .action(
      async (_flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withJournal(run, async (opened) => {
            const info = await opened.info();
            run.output.object({ type: 'journal', ...info });
            run.output.text(...renderTable(['journal', info.id], factsOf(info)));
            return EXIT.done;
          }),
        ),
    );
}

function factsOf(info: JournalInfo): readonly (readonly string[])[] {
  const sagas = Object.entries(info.sagas).map(([state, count]) => `${count} ${state}`);
  return [
    ['path', info.path ?? 'in memory'],
    ['size', `${info.bytes} bytes`],
    ['schema', String(info.schemaVersion)],
    ['slot', String(info.slot)],
    ['fence', String(info.fence)],
    ['term', info.term === null ? 'none' : String(info.term)],
    ['sagas', sagas.join(', ')],
    ['catalog', `${info.catalog} ids`],
    ['late', `${info.hot} requests that may still arrive`],
    ['owners', String(info.owners)],
    ...Object.entries(info.nodes).map(([name, url]) => [name, url]),
  ];
}
