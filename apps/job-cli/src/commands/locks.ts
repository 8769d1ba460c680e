import type { Command } from 'commander';
import type { CoordinationFlags } from '../config/coordination-settings.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { readLeader } from '../group/read-workers.js';
import { type Group, withGroup } from '../group/with-group.js';
import { WORKER_GROUP } from '../group/worker-group.js';
import type { JobHost, Run } from '../job-host.js';
import { formatDuration } from '../output/durations.js';
import { renderTable } from '../output/table.js';
import { withCoordination } from './arguments.js';

/** Somebody who holds something that others may wait for. */
interface LockLine {
  /** `leadership` of the workers, or a named `lock`. */
  readonly kind: 'leadership' | 'lock';
  readonly name: string;
  /** Null: it is free. */
  readonly mode: string | null;
  readonly holders: readonly {
    readonly id: string | null;
    readonly fence: string | null;
    readonly leaseLeftMs: number | null;
  }[];
  /** Who waits, in order. */
  readonly queue: readonly string[];
}

/** `job locks [names…]`: the workers' leadership, and named locks of the coordination backend. */
export function registerLocks(program: Command, host: JobHost): void {
  withCoordination(program.command('locks'))
    .description("show who holds the workers' leadership, or the named locks, and who waits")
    .argument('[names...]', "names of locks; without any, the workers' leadership")
    .addHelpText(
      'after',
      '\nThe ids that unfinished sagas hold are not in the backend but in the journal: "job sagas".',
    )
    .action(
      async (names: string[], flags: CoordinationFlags, command: Command): Promise<void> =>
        host.run(command, (run) => withGroup(run, flags, (group) => show(run, group, names))),
    );
}

async function show(run: Run, group: Group, names: readonly string[]): Promise<ExitCode> {
  const lines =
    names.length === 0
      ? [await leadership(group)]
      : await Promise.all(names.map((name) => namedLock(group, name)));
  for (const line of lines) run.output.object({ ...line, type: line.kind });
  run.output.text(
    ...renderTable(
      ['what', 'name', 'held', 'by', 'fence', 'lease ends in', 'waiting'],
      lines.map((line) => [
        line.kind,
        line.name,
        line.mode ?? 'free',
        line.holders.map(({ id }) => id ?? '?').join(', '),
        line.holders.map(({ fence }) => fence ?? '–').join(', '),
        line.holders
          .map(({ leaseLeftMs }) => (leaseLeftMs === null ? '–' : formatDuration(leaseLeftMs)))
          .join(', '),
        line.queue.join(', '),
      ]),
    ),
  );
  return EXIT.done;
}

async function leadership(group: Group): Promise<LockLine> {
  const leader = await readLeader(group);
  return {
    kind: 'leadership',
    name: WORKER_GROUP,
    mode: leader === null ? null : 'exclusive',
    holders:
      leader === null ? [] : [{ id: leader.id ?? null, fence: leader.term, leaseLeftMs: leader.leaseLeftMs }],
    queue: leader?.queue ?? [],
  };
}

async function namedLock({ coordinator }: Group, name: string): Promise<LockLine> {
  const { mode, holders, queue } = await coordinator.inspectLock(name);
  return {
    kind: 'lock',
    name,
    mode,
    holders: holders.map(({ memberId, fencingToken, ttlMs }) => ({
      id: memberId ?? null,
      fence: fencingToken === null ? null : String(fencingToken),
      leaseLeftMs: ttlMs,
    })),
    queue: queue.map(({ memberId }) => memberId),
  };
}
