import type { Command } from 'commander';
import { withJournal } from '../connector/with-journal.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { printable } from '../output/printable.js';

/** `job journal check`: whether the file is sound, as a database and by the journal's own rules. */
export function registerJournalCheck(journal: Command, host: JobHost): void {
  journal
    .command('check')
    .description('read the whole journal and tell whether it is sound')
    .action(
      async (_flags: object, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withJournal(run, async (opened, path) => {
            const { ok, problems } = await opened.check();
            for (const problem of problems) run.output.object({ type: 'problem', problem });
            run.output.object({ type: 'summary', path, ok, problems: problems.length });
            run.output.text(...problems.map((problem) => `problem  ${printable(problem)}`));
            run.output.text(ok ? `${path} is sound` : `${path} has ${problems.length} problems`);
            if (ok) return EXIT.done;
            run.output.note('Keep the file as it is, put a backup in its place, then run "job verify".');
            return EXIT.incomplete;
          }),
        ),
    );
}
