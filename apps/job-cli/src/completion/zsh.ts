import { type CommandNode, flatten, type OptionNode } from './command-tree.js';

/** A zsh completion script: a function per command, by zsh's own `_arguments` and `_describe`. */
export function zshCompletion(name: string, tree: CommandNode): string {
  return `#compdef ${name}
# zsh completion for ${name}; use: source <(${name} completion zsh)
${flatten(tree)
  .map((node) => commandFunction(name, node))
  .join('\n')}
compdef ${functionName(name, tree)} ${name}
`;
}

function commandFunction(name: string, node: CommandNode): string {
  const specs = node.options.flatMap(optionSpecs);
  const body =
    node.subcommands.length > 0
      ? dispatch(name, node, specs)
      : [...specs, ...argumentSpecs(node)].join(' \\\n    ');
  return `${functionName(name, node)}() {
${node.subcommands.length > 0 ? body : `  _arguments -s \\\n    ${body}`}
}
`;
}

function dispatch(name: string, node: CommandNode, specs: readonly string[]): string {
  const described = node.subcommands
    .map((child) => `    ${quote(`${last(child)}:${child.description.replaceAll(':', '\\:')}`)}`)
    .join('\n');
  const cases = node.subcommands
    .map((child) => `      ${last(child)}) ${functionName(name, child)} ;;`)
    .join('\n');
  return `  local line state
  local -a commands=(
${described}
  )
  _arguments -s -C \\
    ${specs.join(' \\\n    ')} \\
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${cases}
      esac ;;
  esac`;
}

/** One spec per name, each excluding the others. */
function optionSpecs(option: OptionNode): readonly string[] {
  const value = option.takesPath ? ':path:_files' : `:value:(${option.choices.join(' ')})`;
  const text = option.description.replace(/[[\]:\\]/g, '\\$&');
  return option.names.map((n) =>
    quote(`(${option.names.join(' ')})${n}[${text}]${option.takesValue ? value : ''}`),
  );
}

function argumentSpecs(node: CommandNode): readonly string[] {
  return node.arguments.map((choices, index) => quote(`${index + 1}:argument:(${choices.join(' ')})`));
}

function functionName(name: string, node: CommandNode): string {
  return ['', name, ...node.path].join('_').replaceAll('-', '_');
}

function last(node: CommandNode): string {
  return node.path.at(-1) ?? '';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
