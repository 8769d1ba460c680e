import type { RecoverReport } from '@holdfast/reliable-connector';
import type { Command } from 'commander';
import { describeParked } from '../connector/parked-warning.js';
import { withConnector } from '../connector/with-connector.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { JobHost, Run } from '../job-host.js';
import { formatDuration } from '../output/durations.js';
import { renderTable } from '../output/table.js';

/** `job recover`: ends what earlier runs left unfinished. */
export function registerRecover(program: Command, host: JobHost): void {
  program
    .command('recover')
    .description('end what earlier runs left unfinished')
    .option('--wait', 'also wait for what can only be done once no late request can be alive')
    .action(
      async (flags: { wait?: boolean }, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, { existing: true, warns: false }, async (connector) => {
            const report = await connector.recover({ wait: flags.wait ?? false, signal: run.io.signal });
            return tell(report, run);
          }),
        ),
    );
}

function tell(report: RecoverReport, run: Run): ExitCode {
  const { output } = run;
  const open = unfinished(report);
  const exitCode = report.parked.length > 0 || open > 0 ? EXIT.unsettled : EXIT.done;
  for (const item of report.waiting) output.object({ type: 'waiting', ...item });
  for (const saga of report.parked) output.object({ type: 'parked', ...saga });
  output.object({
    type: 'summary',
    adopted: report.adopted,
    ended: report.ended,
    unfinished: open,
    held: report.held,
    waiting: report.waiting.length,
    parked: report.parked.length,
    exitCode,
  });
  output.text(
    `recover: ${report.adopted} taken over, ${report.ended} ended` +
      (open === 0 ? '' : `, ${open} unfinished: their nodes do not answer, "job recover" again later`) +
      (report.held === 0 ? '' : `, ${report.held} at work in another process`),
  );
  if (report.waiting.length > 0) {
    output.text(
      'To be repeated once no late request can be alive (the next create, delete or "job recover" does it):',
      ...renderTable(
        ['id', 'saga', 'node', 'in'],
        report.waiting.map((item) => [
          item.groupId,
          String(item.sagaId ?? '–'),
          item.node ?? '–',
          formatDuration(item.waitMs),
        ]),
      ),
    );
  }
  const parked = describeParked(report.parked);
  if (parked !== null) output.warn(parked);
  return exitCode;
}

/** Taken over and neither ended nor parked nor only waiting: a node does not answer. */
function unfinished(report: RecoverReport): number {
  const explained = new Set([
    ...report.waiting.flatMap((item) => (item.sagaId === null ? [] : [item.sagaId])),
    ...report.parked.map((saga) => saga.sagaId),
  ]);
  return Math.max(0, report.adopted - report.ended - explained.size);
}
