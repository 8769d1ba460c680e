import { Argument, type Command, Option } from 'commander';
import type { EngineFlags } from '../config/engine-settings.js';
import { switchEngine } from '../engine/admin.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';
import { duration, withEngineAdmin } from './arguments.js';

interface SwitchFlags extends EngineFlags {
  readonly announce?: number;
  readonly drain?: number;
}

/** `job switch`: begins a switch of the engine's colour; queries go on meanwhile. */
export function registerSwitch(program: Command, host: JobHost): void {
  withEngineAdmin(program.command('switch'))
    .description('switch the query engine to its other colour, while queries go on')
    .addArgument(new Argument('[colour]', 'to which (default: the other one)').choices(['blue', 'green']))
    .addOption(
      new Option('--announce <duration>', "how long it is announced (default: the engine's)").argParser(
        duration,
      ),
    )
    .addOption(
      new Option(
        '--drain <duration>',
        "how long old queries may go on after that (default: the engine's)",
      ).argParser(duration),
    )
    .option('--engine <host:port>', "the query engine's router, whose host the admin port has")
    .addHelpText('after', '\nNeeds HOLDFAST_ADMIN_TOKEN. During a switch, the other colour is the way back.')
    .action(
      async (colour: string | undefined, flags: SwitchFlags, command: Command): Promise<void> =>
        host.run(command, async ({ io, output, engine }) => {
          const order = {
            ...(colour === undefined ? {} : { to: colour }),
            ...(flags.announce === undefined ? {} : { announceMs: flags.announce }),
            ...(flags.drain === undefined ? {} : { drainMs: flags.drain }),
          };
          const view = await switchEngine(await engine(flags), order, io.signal);
          output.object({ type: 'switch', ...view });
          output.text(
            view.next === null
              ? `the engine is ${view.active}, ${view.phase}`
              : `the engine goes to ${view.next}: ${view.phase}; "job status" shows how far it is`,
          );
          return EXIT.done;
        }),
    );
}
