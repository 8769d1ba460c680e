import { type CommandNode, flatten, type OptionNode } from './command-tree.js';

/**
 * A bash completion script. The words before the cursor, options and their values left out, say which command it is;
 * a `case` per command says what may follow.
 */
export function bashCompletion(name: string, tree: CommandNode): string {
  const nodes = flatten(tree);
  return `# bash completion for ${name}; use: source <(${name} completion bash)
_${name}_complete() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local path='' word i skip=0
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      ${valueNames(nodes).join('|')}) skip=1 ;;
      -*) ;;
      *) case "$path/$word" in
${nodes
  .filter((node) => node.path.length > 0)
  .map((node) => `        ${key(node)}) path=${key(node)} ;;`)
  .join('\n')}
      esac ;;
    esac
  done
  case "$prev" in
${values(nodes)}
  esac
  case "$path" in
${nodes.map((node) => `    '${key(node)}') COMPREPLY=($(compgen -W '${wordsOf(node).join(' ')}' -- "$cur")) ;;`).join('\n')}
  esac
}
complete -o default -F _${name}_complete ${name}
`;
}

function key(node: CommandNode): string {
  return node.path.map((word) => `/${word}`).join('');
}

function valueNames(nodes: readonly CommandNode[]): readonly string[] {
  return unique(nodes.flatMap((node) => node.options.filter((o) => o.takesValue).flatMap((o) => o.names)));
}

/** What may follow an option that takes a value; an option of one name has the same values in every command. */
function values(nodes: readonly CommandNode[]): string {
  const options = new Map<string, OptionNode>();
  for (const option of nodes.flatMap((node) => node.options)) {
    if (option.takesValue) options.set(option.names.join('|'), option);
  }
  return [...options]
    .map(([names, option]) => {
      const reply = option.takesPath
        ? '$(compgen -f -- "$cur")'
        : `$(compgen -W '${option.choices.join(' ')}' -- "$cur")`;
      return `    ${names}) COMPREPLY=(${reply}); return ;;`;
    })
    .join('\n');
}

function wordsOf(node: CommandNode): readonly string[] {
  return [
    ...node.subcommands.map((child) => child.path.at(-1) ?? ''),
    ...node.arguments.flat(),
    ...node.options.flatMap((option) => option.names),
  ];
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
