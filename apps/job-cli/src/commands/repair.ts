import type { RepairItem, RepairOptions } from '@holdfast/reliable-connector';
import { type Command, Option } from 'commander';
import { type ItemReport, reportOutcome } from '../bulk/item-report.js';
import { Tally } from '../bulk/tally.js';
import { requireNodes } from '../connector/require-nodes.js';
import { withConnector } from '../connector/with-connector.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { splitIds } from '../ids/id-source.js';
import type { JobHost, Run } from '../job-host.js';
import { itemLine, itemText } from '../output/item-lines.js';
import { renderTable } from '../output/table.js';

interface RepairFlags {
  readonly ids?: string;
  readonly dryRun?: boolean;
  readonly direction?: 'fill' | 'remove';
  readonly force?: boolean;
}

/** `job repair`: makes the nodes equal again, a saga per id. */
export function registerRepair(program: Command, host: JobHost): void {
  program
    .command('repair')
    .description('make the nodes equal again where "job verify" finds a difference')
    .option('--ids <list>', 'only these ids, separated by commas')
    .option('--dry-run', 'show what would be done, send nothing')
    .addOption(
      new Option(
        '--direction <direction>',
        'put missing records back, or remove what is left of them',
      ).choices(['fill', 'remove']),
    )
    .option('--force', 'also touch records that this journal did not write')
    .addHelpText('after', '\nWithout --direction: fill where the catalog says committed, nothing elsewhere.')
    .action(
      async (flags: RepairFlags, command: Command): Promise<void> =>
        host.run(command, (run) => {
          const options = optionsOf(flags, run);
          return withConnector(run, { recovers: flags.dryRun !== true }, async (connector) => {
            await requireNodes(run);
            const started = run.io.clock.monotonic();
            const items = await connector.repair(options);
            const ms = Math.round(run.io.clock.monotonic() - started);
            return flags.dryRun === true ? tellPlan(items, run) : tellRepair(items, ms, run);
          });
        }),
    );
}

function optionsOf(flags: RepairFlags, run: Run): RepairOptions {
  return {
    ...(flags.ids === undefined ? {} : { ids: splitIds(flags.ids) }),
    ...(flags.direction === undefined ? {} : { direction: flags.direction }),
    dryRun: flags.dryRun ?? false,
    force: flags.force ?? false,
    signal: run.io.signal,
  };
}

function tellPlan(items: readonly RepairItem[], run: Run): ExitCode {
  for (const item of items) run.output.object({ type: 'repair', ...item });
  const wanted = items.filter((item) => item.action !== 'none').length;
  run.output.object({ type: 'summary', operation: 'repair', dryRun: true, total: items.length, wanted });
  run.output.text(
    ...renderTable(
      ['id', 'action', 'differences'],
      items.map((item) => [item.groupId, item.action, differencesOf(item)]),
    ),
  );
  run.output.text(`${wanted} of ${items.length} ids would be repaired; nothing was sent`);
  return EXIT.done;
}

function tellRepair(items: readonly RepairItem[], ms: number, run: Run): ExitCode {
  const tally = new Tally();
  let untouched = 0;
  for (const item of items) {
    const report = reportOf(item);
    if (report === null) {
      untouched += item.differences.length > 0 ? 1 : 0;
      run.output.object({ type: 'repair', ...item });
      run.output.text(`${'untouched'.padEnd(11)} ${item.groupId}  ${differencesOf(item)}`);
      continue;
    }
    tally.add(report);
    run.output.object(itemLine(report));
    run.output.text(itemText(report, run.output.out));
  }
  const exitCode = tally.exitCode === EXIT.done && untouched > 0 ? EXIT.incomplete : tally.exitCode;
  const { total, done, counts } = tally;
  run.output.object({ type: 'summary', operation: 'repair', total, done, untouched, counts, ms, exitCode });
  if (!run.output.quiet) {
    const rest =
      untouched === 0
        ? ''
        : `; ${untouched} left untouched (records that this journal did not write need --force)`;
    run.output.text(
      items.length === 0 ? 'nothing to repair' : `repair: ${tally.describe()} of ${total}${rest}`,
    );
  }
  return exitCode;
}

function reportOf(item: RepairItem): ItemReport | null {
  if (item.action === 'none' || item.outcome === undefined) return null;
  return reportOutcome(item.action, item.groupId, item.outcome, 0);
}

function differencesOf(item: RepairItem): string {
  return item.differences.map(({ node, kind }) => `${node} ${kind.replace('_', ' ')}`).join(', ');
}
