import type { Command } from 'commander';
import type { CoordinationFlags } from '../config/coordination-settings.js';
import { EXIT } from '../exit-codes.js';
import { readLeader } from '../group/read-workers.js';
import { withGroup } from '../group/with-group.js';
import type { JobHost } from '../job-host.js';
import { formatDuration } from '../output/durations.js';
import { printable } from '../output/printable.js';
import { withCoordination } from './arguments.js';

/** `job leader`: who leads, under which term, and who comes next. */
export function registerLeader(program: Command, host: JobHost): void {
  withCoordination(program.command('leader'))
    .description('show which worker leads, its term, and who comes next; exits 1 when nobody leads')
    .action(
      async (flags: CoordinationFlags, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withGroup(run, flags, async (group) => {
            const leader = await readLeader(group);
            run.output.object({ type: 'leader', leader });
            if (leader === null) {
              run.output.text('nobody leads');
              return EXIT.incomplete;
            }
            const lease =
              leader.leaseLeftMs === null ? '' : `, lease ends in ${formatDuration(leader.leaseLeftMs)}`;
            const next = leader.queue.map((id) => printable(id)).join(', ');
            run.output.text(
              `${printable(leader.id ?? 'a client whose id cannot be read')}, term ${leader.term ?? '?'}${lease}`,
              ...(next === '' ? [] : [`next: ${next}`]),
            );
            return EXIT.done;
          }),
        ),
    );
}
