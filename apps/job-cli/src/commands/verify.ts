import type { VerifyReport } from '@holdfast/reliable-connector';
import type { Command } from 'commander';
import { requireNodes } from '../connector/require-nodes.js';
import { withConnector } from '../connector/with-connector.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { splitIds } from '../ids/id-source.js';
import type { JobHost } from '../job-host.js';
import { DIFFERENCE_HEADING, differenceRow } from '../output/difference-lines.js';
import { renderTable } from '../output/table.js';

/** `job verify`: compares nodes and catalog, each difference read twice. */
export function registerVerify(program: Command, host: JobHost): void {
  program
    .command('verify')
    .description('compare all nodes with the catalog of the journal')
    .option('--ids <list>', 'only these ids, separated by commas')
    .action(
      async (flags: { ids?: string }, command: Command): Promise<void> =>
        host.run(command, (run) => {
          const ids = flags.ids === undefined ? {} : { ids: splitIds(flags.ids) };
          return withConnector(run, {}, async (connector) => {
            await requireNodes(run);
            const report = await connector.verify({ ...ids, signal: run.io.signal });
            const { checked, clean, differences } = report;
            for (const difference of differences) run.output.object({ type: 'difference', ...difference });
            const exitCode = exitCodeOf(report);
            run.output.object({ type: 'summary', checked, clean, differences: differences.length, exitCode });
            run.output.text(...renderTable(DIFFERENCE_HEADING, differences.map(differenceRow)));
            run.output.text(
              clean
                ? `${checked} ids compared, no difference`
                : `${checked} ids compared, ${differences.length} differences; "job repair --dry-run" shows what would be done`,
            );
            return exitCode;
          });
        }),
    );
}

/** A real difference is 1; a node that does not answer 3; one that an unfinished saga explains 4. */
function exitCodeOf(report: VerifyReport): ExitCode {
  if (report.clean) return EXIT.done;
  const kinds = new Set(report.differences.map((difference) => difference.kind));
  if (kinds.has('missing') || kinds.has('foreign') || kinds.has('wrong_version')) return EXIT.incomplete;
  return kinds.has('unknown') ? EXIT.unreachable : EXIT.unsettled;
}
