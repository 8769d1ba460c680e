import type { Command } from 'commander';
import { runBulk } from '../bulk/run-bulk.js';
import type { JobHost } from '../job-host.js';
import { withIdempotencyKey } from './arguments.js';
import { type CreateFlags, createJob, withCreateOptions } from './create.js';

/** `job create-one <groupId>` */
export function registerCreateOne(program: Command, host: JobHost): void {
  withIdempotencyKey(withCreateOptions(program.command('create-one')))
    .description('create one group on all nodes')
    .argument('<groupId>', 'the id')
    .action(
      async (groupId: string, flags: CreateFlags, command: Command): Promise<void> =>
        host.run(command, (run) => {
          const source = { ids: [groupId], total: 1 };
          return runBulk(run, { ...createJob(flags), source, concurrency: 1, single: true });
        }),
    );
}
