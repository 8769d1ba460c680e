import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { withJournal } from '../connector/with-journal.js';
import { EXIT } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import type { JobHost } from '../job-host.js';

/** `job journal backup <file>`: a sound copy while others go on writing. */
export function registerJournalBackup(journal: Command, host: JobHost): void {
  journal
    .command('backup')
    .description('copy the journal to a file while others go on writing')
    .argument('<file>', 'where to; it must not exist')
    .action(
      async (file: string, _flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withJournal(run, async (opened, from) => {
            const to = path.resolve(run.io.cwd, file);
            await refuseExisting(to);
            await opened.backup(to);
            const { size } = await stat(to);
            run.output.object({ type: 'backup', from, to, bytes: size });
            run.output.text(`${from} copied to ${to}, ${size} bytes`);
            run.output.note(
              'A journal that is put back knows nothing of later work: run "job verify" after that.',
            );
            return EXIT.done;
          }),
        ),
    );
}

async function refuseExisting(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null) return;
  throw new JobError('FILE', `${file} exists already; a backup never overwrites`, {
    remedy: 'Name another file, or remove this one first.',
  });
}
