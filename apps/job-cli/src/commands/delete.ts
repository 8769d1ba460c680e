import type { Command } from 'commander';
import { runBulk } from '../bulk/run-bulk.js';
import type { ItemJob } from '../bulk/run-item.js';
import { type IdFlags, resolveIds } from '../ids/id-source.js';
import { JobError } from '../job-error.js';
import type { JobHost } from '../job-host.js';
import { withDeadline, withIdOptions } from './arguments.js';

/** What the commands that delete take beyond the ids. */
export interface DeleteFlags {
  readonly deadline: number;
  readonly ensure?: boolean;
  readonly force?: boolean;
  readonly restore?: boolean;
  readonly idempotencyKey?: string;
}

/** Adds what the commands that delete have in common. */
export function withDeleteOptions(command: Command): Command {
  return withDeadline(command)
    .option('--ensure', 'an id that exists on no node counts as done')
    .option('--force', 'delete whatever version is there, also records that this journal did not write')
    .option('--restore', 'put the record back where it cannot be deleted on all nodes by the deadline');
}

/**
 * What is done to each id.
 *
 * @throws JobError when options exclude each other.
 */
export function deleteJob(flags: DeleteFlags): ItemJob {
  if (flags.force === true && flags.restore === true) {
    throw new JobError('USAGE', '--force and --restore were given together', {
      remedy: 'A record whose version is not known cannot be put back: use one of them.',
    });
  }
  const { idempotencyKey } = flags;
  const options = {
    force: flags.force ?? false,
    onFailure: flags.restore === true ? ('restore' as const) : ('forward' as const),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
  return {
    operation: 'delete',
    deadlineMs: flags.deadline,
    ensure: flags.ensure ?? false,
    call: (connector, groupId, deadlineMs) => connector.deleteGroup(groupId, { ...options, deadlineMs }),
  };
}

/** `job delete` */
export function registerDelete(program: Command, host: JobHost): void {
  withDeleteOptions(withIdOptions(program.command('delete')))
    .description('delete groups from all nodes (ids 0 to 99 by default)')
    .action(
      async (
        named: string[],
        flags: DeleteFlags & IdFlags & { concurrency: number },
        command: Command,
      ): Promise<void> =>
        host.run(command, async (run) => {
          const item = deleteJob(flags);
          const source = await resolveIds(named, flags, run.io);
          return runBulk(run, { ...item, source, concurrency: flags.concurrency });
        }),
    );
}
