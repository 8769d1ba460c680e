import type { SagaQuery } from '@holdfast/reliable-connector';
import { type Command, Option } from 'commander';
import { withConnector } from '../connector/with-connector.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { SAGA_HEADING, sagaLine, sagaRow } from '../output/saga-lines.js';
import { renderTable } from '../output/table.js';
import { wholeNumber } from './arguments.js';

const STATES = ['open', 'locked', 'applying', 'aborting', 'parked', 'ended', 'all'] as const;
type State = (typeof STATES)[number];

interface SagasFlags {
  readonly state?: State;
  readonly id?: string;
  readonly limit: number;
}

/** `job sagas`: what the journal holds, the unfinished ones unless told otherwise. */
export function registerSagas(program: Command, host: JobHost): void {
  program
    .command('sagas')
    .description('list the sagas of the journal: unfinished ones, or by state or id')
    .addOption(new Option('--state <state>', 'which (default: open, and with --id all)').choices([...STATES]))
    .option('--id <groupId>', 'only those of this id')
    .addOption(
      new Option('--limit <n>', 'at most so many; of ended ones the newest')
        .argParser(wholeNumber(1, 100_000))
        .default(50),
    )
    .action(
      async (flags: SagasFlags, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, { existing: true }, async (connector) => {
            const sagas = await connector.sagas(queryOf(flags));
            const now = run.io.clock.now();
            for (const saga of sagas) run.output.object(sagaLine(saga));
            run.output.object({
              type: 'summary',
              sagas: sagas.length,
              limited: sagas.length === flags.limit,
            });
            run.output.text(
              ...renderTable(
                SAGA_HEADING,
                sagas.map((saga) => sagaRow(saga, now)),
              ),
            );
            if (sagas.length === 0) run.output.note('No such saga.');
            if (sagas.length === flags.limit)
              run.output.note(`There may be more: --limit ${flags.limit} is reached.`);
            return EXIT.done;
          }),
        ),
    );
}

function queryOf(flags: SagasFlags): SagaQuery {
  const state = flags.state ?? (flags.id === undefined ? 'open' : 'all');
  const common = { limit: flags.limit, ...(flags.id === undefined ? {} : { key: flags.id }) };
  switch (state) {
    case 'open':
      return common;
    case 'parked':
      return { ...common, parked: true };
    case 'all':
      return { ...common, phases: ['locked', 'applying', 'aborting', 'ended'], newest: true };
    case 'ended':
      return { ...common, phases: ['ended'], newest: true };
    default:
      return { ...common, phases: [state] };
  }
}
