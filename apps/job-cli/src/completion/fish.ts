import { type CommandNode, flatten, type OptionNode } from './command-tree.js';

/** A fish completion script: one `complete` line per word, each on the condition of the commands before it. */
export function fishCompletion(name: string, tree: CommandNode): string {
  const lines = flatten(tree).flatMap((node) => [
    ...node.subcommands.map((child) =>
      line(name, node, ['-a', quote(child.path.at(-1) ?? ''), '-d', quote(child.description)]),
    ),
    ...node.arguments
      .filter((choices) => choices.length > 0)
      .map((choices) => line(name, node, ['-a', quote(choices.join(' '))])),
    // The options of a parent are listed at each command below it already.
    ...node.options.map((option) => line(name, node, optionWords(option))),
  ]);
  return `# fish completion for ${name}; use: ${name} completion fish | source
complete -c ${name} -f
${lines.join('\n')}
`;
}

function line(name: string, node: CommandNode, words: readonly string[]): string {
  return `complete -c ${name} -n ${quote(condition(node))} ${words.join(' ')}`;
}

/** True while the command line stands at this command and at none below it. */
function condition(node: CommandNode): string {
  const seen = node.path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = node.subcommands.map((child) => child.path.at(-1) ?? '').join(' ');
  const conditions = below === '' ? seen : [...seen, `not __fish_seen_subcommand_from ${below}`];
  return conditions.join('; and ');
}

function optionWords(option: OptionNode): readonly string[] {
  const names = option.names.flatMap((name) =>
    name.startsWith('--') ? ['-l', name.slice(2)] : ['-s', name.slice(1)],
  );
  const value = option.takesPath
    ? ['-r', '-F']
    : option.choices.length > 0
      ? ['-x', '-a', quote(option.choices.join(' '))]
      : option.takesValue
        ? ['-x']
        : [];
  return [...names, ...value, '-d', quote(option.description)];
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
