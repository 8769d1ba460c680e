import type { Argument, Command, Option } from 'commander';

/** An option as a shell needs to know it. */
export interface OptionNode {
  /** As `--json` and `-h`; at least one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The values that it takes; empty when any. */
  readonly choices: readonly string[];
  /** The value is a path. */
  readonly takesPath: boolean;
}

/** A command with everything that may follow it. */
export interface CommandNode {
  /** Words that lead here, without the program's name: `[]`, `['journal']`, `['journal', 'check']`. */
  readonly path: readonly string[];
  readonly description: string;
  /** Its own options and those of the commands above it. */
  readonly options: readonly OptionNode[];
  readonly subcommands: readonly CommandNode[];
  /** Values of each positional argument in turn; empty where any goes. */
  readonly arguments: readonly (readonly string[])[];
}

/** Reads what a program offers from its own definition, so that completion cannot differ from it. */
export function commandTree(program: Command): CommandNode {
  return node(program, [], []);
}

/** A tree as a list, parents first. */
export function flatten(tree: CommandNode): readonly CommandNode[] {
  return [tree, ...tree.subcommands.flatMap(flatten)];
}

function node(command: Command, path: readonly string[], inherited: readonly OptionNode[]): CommandNode {
  const own = command.options.filter((option) => !option.hidden).map(optionNode);
  const options = [...own, ...inherited];
  return {
    path,
    description: command.description(),
    options: [...options, HELP],
    subcommands: command.commands.map((child) => node(child, [...path, child.name()], options)),
    arguments: command.registeredArguments.map((argument: Argument) => argument.argChoices ?? []),
  };
}

function optionNode(option: Option): OptionNode {
  return {
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
    takesPath: /<(path|file)>/.test(option.flags),
  };
}

const HELP: OptionNode = {
  names: ['--help', '-h'],
  description: 'display help for command',
  takesValue: false,
  choices: [],
  takesPath: false,
};
