import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.js';
import { type CommandNode, commandTree } from '../completion/command-tree.js';
import { fishCompletion } from '../completion/fish.js';
import { zshCompletion } from '../completion/zsh.js';
import { EXIT } from '../exit-codes.js';
import type { JobHost } from '../job-host.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (name: string, tree: CommandNode) => string
>;

/** `job completion <shell>`: a script that teaches the shell this program's commands and options. */
export function registerCompletion(program: Command, host: JobHost): void {
  program
    .command('completion')
    .description('print a completion script for bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', '\nbash, zsh: source <(job completion bash)    fish: job completion fish | source')
    .action(
      async (shell: keyof typeof SHELLS, _flags: object, command: Command): Promise<void> =>
        host.run(command, async (run) => {
          run.output.raw(SHELLS[shell](program.name(), commandTree(program)));
          return EXIT.done;
        }),
    );
}
