import type { Command } from 'commander';
import type { CoordinationFlags } from '../config/coordination-settings.js';
import { EXIT } from '../exit-codes.js';
import { readLeader, readWorkers } from '../group/read-workers.js';
import { withGroup } from '../group/with-group.js';
import type { JobHost } from '../job-host.js';
import { workerTable } from '../status/status-lines.js';
import { withCoordination } from './arguments.js';

/** `job members`: the workers that live. */
export function registerMembers(program: Command, host: JobHost): void {
  withCoordination(program.command('members'))
    .description('list the workers that live, and which of them leads')
    .action(
      async (flags: CoordinationFlags, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withGroup(run, flags, async (group) => {
            const workers = await readWorkers(group, await readLeader(group));
            for (const worker of workers) run.output.object({ type: 'member', ...worker });
            const table = workerTable({ workers, at: run.io.clock.now() });
            run.output.text(...(table.length === 0 ? ['no worker runs'] : table));
            return workers.length === 0 ? EXIT.incomplete : EXIT.done;
          }),
        ),
    );
}
