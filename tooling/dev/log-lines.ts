import { styleText } from 'node:util';

/** Longest line that is shown, in characters. */
const MOST_CHARACTERS = 2_000;
const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
const NAME_COLOURS = ['cyan', 'magenta', 'green', 'yellow', 'blue', 'gray'] as const;
/** Said by the name in front, or nothing that a person at a terminal asks for. */
const LEFT_OUT: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'worker', 'v']);

type Fields = Readonly<Record<string, unknown>>;

/** Turns what the programs write into lines for one terminal: who, when, what, and the rest as `name=value`. */
export class LogLines {
  readonly #colour: boolean;
  readonly #names: readonly string[];
  readonly #width: number;

  /** @param names of all programs, in the order of their colours. */
  constructor(names: readonly string[], colour: boolean) {
    this.#names = names;
    this.#colour = colour;
    this.#width = Math.max(...names.map((name) => name.length));
  }

  /** A line of a program: JSON as pino writes it becomes text, everything else stays as it is. */
  render(name: string, line: string): string {
    const fields = parse(line);
    const text = fields === null ? printable(line) : this.#text(fields);
    const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
    return `${this.#prefix(name)} ${shown}\n`;
  }

  #text(fields: Fields): string {
    const level = LEVELS[Number(fields['level'])];
    const rest = Object.entries(fields)
      .filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined && value !== null)
      .map(([name, value]) => this.#paint('dim', `${printable(name)}=${valueText(value)}`));
    const msg = printable(String(fields['msg'] ?? ''));
    const loud = Number(fields['level']) >= 50 ? 'red' : 'yellow';
    return [
      this.#paint('dim', timeOf(fields['time'])),
      ...(level === undefined ? [] : [this.#paint(loud, level)]),
      msg,
      ...rest,
    ].join(' ');
  }

  #prefix(name: string): string {
    const colour = NAME_COLOURS[Math.max(0, this.#names.indexOf(name)) % NAME_COLOURS.length];
    return this.#paint(colour ?? 'gray', `${name.padEnd(this.#width)} |`);
  }

  #paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.#colour ? styleText(style, text, { validateStream: false }) : text;
  }
}

function parse(line: string): Fields | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) && 'level' in value && 'time' in value ? value : null;
  } catch {
    return null;
  }
}

/** An error is its message and code; a stack has more lines than a terminal wants. */
function valueText(value: unknown): string {
  if (isFields(value) && typeof value['message'] === 'string') {
    const code = typeof value['code'] === 'string' ? `${value['code']}: ` : '';
    return quoted(code + value['message']);
  }
  return typeof value === 'string' ? quoted(value) : printable(JSON.stringify(value));
}

function quoted(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : printable(JSON.stringify(text));
}

/** Of the local day. */
function timeOf(time: unknown): string {
  const at = new Date(Number(time));
  if (Number.isNaN(at.getTime())) return '--:--:--';
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** Without what would move the cursor or change colours. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
