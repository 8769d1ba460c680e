import { type Command, Option } from 'commander';
import { sleep } from '../clock.js';
import type { CoordinationFlags } from '../config/coordination-settings.js';
import type { EngineFlags } from '../config/engine-settings.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Group, withGroup } from '../group/with-group.js';
import type { JobHost, Run } from '../job-host.js';
import { formatInstant } from '../output/durations.js';
import { readStatus, type Status } from '../status/read-status.js';
import { statusLines } from '../status/status-lines.js';
import { duration, withCoordination, withEngineAdmin } from './arguments.js';

type StatusFlags = CoordinationFlags & EngineFlags & { readonly watch?: number | true };

/** Ms between two looks of `--watch`. */
const WATCH_EVERY_MS = 1_000;
/** To the corner, and everything away from there. */
const CLEAR = '\u001b[H\u001b[J';

/** `job status`: workers, leader, engine, wanted and actual groups, the last run. */
export function registerStatus(program: Command, host: JobHost): void {
  withEngineAdmin(withCoordination(program.command('status')))
    .description('show workers, leader, engine, wanted and actual groups, and the last run')
    .option('--engine <host:port>', "the query engine's router, whose host the admin port has")
    .addOption(
      new Option('--watch [every]', 'show it again and again, until interrupted')
        .argParser(duration)
        .preset('1s'),
    )
    .addHelpText('after', '\nExits 0 when every node holds exactly what is wanted, else 1.')
    .action(async (flags: StatusFlags, command: Command): Promise<void> => {
      const { watch } = flags;
      const endless = watch !== undefined;
      return host.run(
        command,
        (run) =>
          withGroup(run, flags, (group) =>
            endless
              ? showAgain(run, group, flags, watch === true ? WATCH_EVERY_MS : watch)
              : showOnce(run, group, flags),
          ),
        { endless },
      );
    });
}

async function showOnce(run: Run, group: Group, flags: StatusFlags): Promise<ExitCode> {
  const status = await readStatus(run, group, flags);
  run.output.text(...statusLines(status, run.output.out));
  const exitCode = status.converged ? EXIT.done : EXIT.incomplete;
  run.output.object({ type: 'status', ...status, exitCode });
  return exitCode;
}

/** On a terminal in place, elsewhere one after the other. What fails once is shown, and tried again. */
async function showAgain(run: Run, group: Group, flags: StatusFlags, everyMs: number): Promise<ExitCode> {
  const { io, output } = run;
  const { signal, clock } = io;
  const inPlace = io.stdout.isTTY === true && !output.json;
  while (!signal.aborted) {
    const status: Status | Error = await readStatus(run, group, flags).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (signal.aborted) break;
    if (inPlace) output.raw(CLEAR);
    if (status instanceof Error) output.text(`not known: ${status.message}`);
    else {
      output.text(...(inPlace ? [] : [formatInstant(status.at)]), ...statusLines(status, output.out));
      output.object({ type: 'status', ...status });
    }
    await output.drained(signal);
    await sleep(clock, everyMs, signal);
  }
  return EXIT.done;
}
