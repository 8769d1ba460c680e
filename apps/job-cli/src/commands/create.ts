import { type Command, Option } from 'commander';
import { runBulk } from '../bulk/run-bulk.js';
import type { ItemJob } from '../bulk/run-item.js';
import { type IdFlags, resolveIds } from '../ids/id-source.js';
import type { JobHost } from '../job-host.js';
import { withDeadline, withIdOptions } from './arguments.js';

/** What the commands that create take beyond the ids. */
export interface CreateFlags {
  readonly deadline: number;
  readonly onDeadline: 'abort' | 'forward';
  readonly ensure?: boolean;
  readonly idempotencyKey?: string;
}

/** Adds what the commands that create have in common. */
export function withCreateOptions(command: Command): Command {
  return withDeadline(command)
    .addOption(
      new Option('--on-deadline <direction>', 'where an item goes that is not finished at its deadline')
        .choices(['forward', 'abort'])
        .default('forward'),
    )
    .option('--ensure', 'an id that already exists on all nodes counts as done');
}

/** What is done to each id. */
export function createJob(flags: CreateFlags): ItemJob {
  const { onDeadline, idempotencyKey } = flags;
  const options = { onDeadline, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
  return {
    operation: 'create',
    deadlineMs: flags.deadline,
    ensure: flags.ensure ?? false,
    call: (connector, groupId, deadlineMs) => connector.createGroup(groupId, { ...options, deadlineMs }),
  };
}

/** `job create` */
export function registerCreate(program: Command, host: JobHost): void {
  withCreateOptions(withIdOptions(program.command('create')))
    .description('create groups on all nodes (ids 0 to 99 by default)')
    .action(
      async (
        named: string[],
        flags: CreateFlags & IdFlags & { concurrency: number },
        command: Command,
      ): Promise<void> =>
        host.run(command, async (run) => {
          const source = await resolveIds(named, flags, run.io);
          return runBulk(run, { ...createJob(flags), source, concurrency: flags.concurrency });
        }),
    );
}
