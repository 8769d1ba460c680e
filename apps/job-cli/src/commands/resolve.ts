import { userInfo } from 'node:os';
import type { ReliableConnector } from '@holdfast/reliable-connector';
import { type Command, Option } from 'commander';
import { sleep } from '../clock.js';
import { withConnector } from '../connector/with-connector.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { sagaState } from '../output/saga-lines.js';
import { sagaNumber } from './arguments.js';

interface ResolveFlags {
  readonly node: string;
  readonly assume: 'done' | 'retry';
  readonly by?: string;
}

/** Ms that the saga gets to go on with the operator's word before the command returns; recovery does the rest. */
const GOES_ON_MS = 5_000;

/** `job resolve <saga>`: the operator's word on one node of a parked saga. */
export function registerResolve(program: Command, host: JobHost): void {
  program
    .command('resolve')
    .description('decide for one node of a parked saga')
    .argument('<saga>', 'number of the saga', sagaNumber)
    .requiredOption('--node <name>', 'the node that blocks it')
    .addOption(
      new Option('--assume <what>', 'done: it is as it should be there, ask no more; retry: try it again now')
        .choices(['done', 'retry'])
        .makeOptionMandatory(),
    )
    .option('--by <who>', 'who decides, for the record (default: the user of this process)')
    .action(
      async (sagaId: number, flags: ResolveFlags, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withConnector(run, { existing: true, warns: false }, async (connector) => {
            const { node, assume } = flags;
            const by = flags.by ?? currentUser();
            const atRest = restOf(connector, sagaId);
            await connector.resolve(sagaId, { node, assume, by });
            await sleep(run.io.clock, GOES_ON_MS, AbortSignal.any([atRest, run.io.signal]));
            const saga = await connector.status(sagaId);
            const state = saga === null ? 'gone' : sagaState(saga);
            run.output.object({ type: 'resolved', sagaId, node, assume, by, state });
            run.output.text(`saga ${sagaId}: ${node} taken as ${assume}, by ${by}; it is now ${state}`);
            if (saga === null || saga.phase === 'ended') return EXIT.done;
            run.output.note('"job recover" goes on with it.');
            return EXIT.unsettled;
          }),
        ),
    );
}

/** Aborts when the saga has ended or is parked again. */
function restOf(connector: ReliableConnector, sagaId: number): AbortSignal {
  const atRest = new AbortController();
  const look = (event: { readonly sagaId: number }): void => {
    if (event.sagaId === sagaId) atRest.abort();
  };
  connector.on('end', look);
  connector.on('park', look);
  return atRest.signal;
}

function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A process without an entry in the user database, as in some containers.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
