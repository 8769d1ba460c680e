import type { Command } from 'commander';
import { runBulk } from '../bulk/run-bulk.js';
import type { JobHost } from '../job-host.js';
import { withIdempotencyKey } from './arguments.js';
import { type DeleteFlags, deleteJob, withDeleteOptions } from './delete.js';

/** `job delete-one <groupId>` */
export function registerDeleteOne(program: Command, host: JobHost): void {
  withIdempotencyKey(withDeleteOptions(program.command('delete-one')))
    .description('delete one group from all nodes')
    .argument('<groupId>', 'the id')
    .action(
      async (groupId: string, flags: DeleteFlags, command: Command): Promise<void> =>
        host.run(command, async (run) => {
          const source = { ids: [groupId], total: 1 };
          return runBulk(run, { ...deleteJob(flags), source, concurrency: 1, single: true });
        }),
    );
}
