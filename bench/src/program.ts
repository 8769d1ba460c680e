import { Argument, Command, InvalidArgumentError } from 'commander';
import { WORKLOADS, type WorkloadName } from './run-bench.js';

/** What the command line asks for. */
export interface Flags {
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly json?: string;
  readonly save?: boolean;
  readonly data?: string;
}

const HELP = `
Workloads: cluster (requests/s of cluster-sim), reliable (creates with the durable journal), cli (job create and delete
on a failing cluster), memory (heap and journal over a million sagas), coordination (locks, groups and elections on
Redis and SQLite), strategy (queries across a deployment switch), stack (all of it together: from a wish to its fulfilment,
failover, idle cost). Every speed is a ratio to a floor that was measured in the same run; docs/performance.md says what
the floors are. All of them together take a shorter form of each, about 19 minutes in all on two cores.

Exit codes: 0 it ran, whatever the figures; 1 it could not run; 2 wrong usage; 130 interrupted.`;

/** The command line of `pnpm bench`. */
export function createProgram(o: {
  readonly measure: (workloads: readonly WorkloadName[], flags: Flags) => Promise<void>;
  readonly report: (files: readonly string[]) => Promise<void>;
}): Command {
  const program = new Command('bench')
    .description('Measures Holdfast against the limit of the machine.')
    .addArgument(new Argument('[workload]', 'what to measure').choices([...WORKLOADS, 'all']).default('all'))
    .option('--quick', 'a short run that shows that everything works; its figures tell little')
    .option('--rounds <n>', 'rounds that must count (7, quick 2)', wholeNumber)
    .option('--json <file>', 'write the results to this file as well')
    .option('--save', 'write bench/results/<date>.json and charts of it (default, unless --quick)')
    .option('--no-save', 'write neither')
    .option(
      '--data <folder>',
      'where databases and journals are put, on the disk to be measured (temporary folder)',
    )
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .exitOverride()
    .action((workload: string, flags: Flags) =>
      o.measure(
        WORKLOADS.filter((name) => workload === 'all' || workload === name),
        flags,
      ),
    );
  program
    .command('report')
    .description('draws the charts of saved results and fills the tables of docs/performance.md')
    .argument('<file...>', 'results; a workload that is in several is taken from the last')
    .exitOverride()
    .action((files: string[]) => o.report(files));
  return program;
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}
