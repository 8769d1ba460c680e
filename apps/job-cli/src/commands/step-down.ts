import type { Command } from 'commander';
import type { CoordinationFlags } from '../config/coordination-settings.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { readLeader } from '../group/read-workers.js';
import { type Group, withGroup } from '../group/with-group.js';
import { WORKER_GROUP } from '../group/worker-group.js';
import type { JobHost, Run } from '../job-host.js';
import { printable } from '../output/printable.js';
import { withCoordination } from './arguments.js';

/** `job step-down`: the leader hands over, or is made to. */
export function registerStepDown(program: Command, host: JobHost): void {
  withCoordination(program.command('step-down'))
    .description('ask the leading worker to hand over once its running sagas have ended')
    .option('--force', 'take the leadership away without asking, from a leader that hangs')
    .addHelpText(
      'after',
      '\nA leader without rivals is elected again, under a new term. Exits 1 when nobody leads.',
    )
    .action(
      async (flags: CoordinationFlags & { force?: boolean }, command: Command): Promise<void> =>
        host.run(command, (run) =>
          withGroup(run, flags, (group) => stepDown(run, group, flags.force ?? false)),
        ),
    );
}

async function stepDown(run: Run, group: Group, force: boolean): Promise<ExitCode> {
  const leader = await readLeader(group);
  const heard = force
    ? await group.leaderLock.break()
    : leader !== null && (await group.coordinator.requestStandDown(WORKER_GROUP));
  const id = leader?.id ?? null;
  run.output.object({ type: 'step-down', leader: id, term: leader?.term ?? null, force, heard });
  if (!heard) {
    run.output.text('nobody leads, or nobody who can be asked');
    return EXIT.incomplete;
  }
  const who = printable(id ?? 'the leader');
  run.output.text(
    force
      ? `the leadership was taken from ${who}; nodes refuse its term as soon as the next one has begun`
      : `${who} is asked to hand over; "job leader" shows who leads then`,
  );
  return EXIT.done;
}
