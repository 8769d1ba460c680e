/** Text of a page in which everything that came from outside has been escaped. Only `markup` makes it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Part = Markup | string | number | readonly Part[];

/** A template whose parts are escaped, unless they are markup already; those of a list follow one another. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    texts.map((text, place) => (place === 0 ? '' : shown(parts[place - 1] ?? '')) + text).join(''),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, which no page may contain. */
const CONTROLS = /[^\P{Cc}\n\t]/gu;

function shown(part: Part): string {
  if (part instanceof Markup) return part.toString();
  if (typeof part === 'number') return String(part);
  if (typeof part !== 'string') return part.map(shown).join('');
  return part.replace(CONTROLS, '\u{fffd}').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
