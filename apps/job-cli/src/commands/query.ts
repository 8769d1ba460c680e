import { type Command, Option } from 'commander';
import type { EngineFlags } from '../config/engine-settings.js';
import { withEngineConnection } from '../engine/open-engine.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import type { JobHost, Run } from '../job-host.js';
import { parameterOf } from '../query/parameter.js';
import { csvPrinter, jsonPrinter, tablePrinter } from '../query/row-printer.js';
import { withEngine } from './arguments.js';

interface QueryFlags extends EngineFlags {
  readonly csv?: boolean;
  readonly catalog?: string;
  readonly database?: string;
  readonly idempotent?: boolean;
  readonly param?: readonly string[];
}

/** `job query <sql>`: one statement on the query engine, its rows as they come. */
export function registerQuery(program: Command, host: JobHost): void {
  withEngine(program.command('query'))
    .description('run one statement on the query engine and print its rows')
    .argument('<sql>', 'the statement, with ? where values go')
    .addOption(
      new Option(
        '-p, --param <value>',
        'a value for the next ?: text, TYPE:text as LONG:5, or NULL; may be repeated',
      ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]),
    )
    .option('--csv', 'comma-separated values with a heading')
    .option('--catalog <name>', "catalog of names without one (default: the engine's own)")
    .option('--database <name>', "schema of names without one (default: the engine's own)")
    .option('--idempotent', 'running it twice does no harm: a lost answer makes it run again')
    .addHelpText(
      'after',
      '\nWith --json one object per row and nothing else; LONG and DECIMAL are text, exact.',
    )
    .action(
      async (sql: string, flags: QueryFlags, command: Command): Promise<void> =>
        host.run(command, (run) => query(run, sql, flags)),
    );
}

async function query(run: Run, sql: string, flags: QueryFlags): Promise<ExitCode> {
  const { output, io } = run;
  if (flags.csv === true && output.json) {
    throw new JobError('USAGE', '--csv and --json were given together', { remedy: 'Use one of them.' });
  }
  const settings = await run.engine(flags);
  return withEngineConnection(settings, async (connection) => {
    const result = await connection.query(sql, flags.param?.map(parameterOf), {
      signal: io.signal,
      idempotent: flags.idempotent ?? false,
      ...(flags.catalog === undefined ? {} : { catalog: flags.catalog }),
      ...(flags.database === undefined ? {} : { database: flags.database }),
    });
    const printer = (output.json ? jsonPrinter : flags.csv === true ? csvPrinter : tablePrinter)(
      result.columns,
      output,
    );
    let rows = 0;
    for await (const row of result) {
      rows++;
      printer.row(row);
      await output.drained(io.signal);
      if (io.signal.aborted) return EXIT.interrupted;
    }
    printer.end();
    output.note(rows === 1 ? '1 row' : `${rows} rows`);
    return EXIT.done;
  });
}
