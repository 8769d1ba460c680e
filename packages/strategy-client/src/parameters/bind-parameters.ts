import { StrategyClientError } from '../errors.js';
import { DEFAULT_ESCAPES, type EscapeStyle } from './escapes.js';
import { sqlLiteral } from './literal.js';
import { kindOf } from './refused.js';
import { type Region, regions } from './regions.js';

/** Values by name, for `%(name)s`. */
export type NamedParameters = Readonly<Record<string, unknown>>;

export interface BindOptions {
  /** How the engine reads quoted texts. Default `backslash`, the engine's own; a wrong one lets texts end early. */
  readonly escapes?: EscapeStyle;
}

const PLACEHOLDER = /%%|%\(([^()]*)\)s/g;

/**
 * Writes values into a statement in place of `%(name)s`, as literals (see `sqlLiteral`). Without `params` the statement
 * stays as it is. With them, `%%` becomes `%`, and any other lone `%` stays.
 *
 * Comments stay as they are. A placeholder within quotes is refused: a literal there would end the quotes; write it
 * without them, or `%%(name)s` for that very text. Throws `INVALID_ARGUMENT` that names a parameter which is missing,
 * or given and nowhere mentioned, or has no literal.
 *
 * The engine then sees one text, so all rests on `escapes` being right for it. Server-side parameters (`?` with
 * `typedParameters`) need no escaping: take these where values come from strangers.
 */
export function bindParameters(
  sql: string,
  params: NamedParameters | undefined,
  options: BindOptions = {},
): string {
  if (params === undefined) return sql;
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `params is ${kindOf(params)}; give an object of values by name for %(name)s, such as { id: 7 }`,
    );
  return new Binding(sql, params, options.escapes ?? DEFAULT_ESCAPES).bound();
}

class Binding {
  readonly #sql: string;
  readonly #params: NamedParameters;
  readonly #escapes: EscapeStyle;
  readonly #mentioned = new Set<string>();

  constructor(sql: string, params: NamedParameters, escapes: EscapeStyle) {
    this.#sql = sql;
    this.#params = params;
    this.#escapes = escapes;
  }

  bound(): string {
    let bound = '';
    for (const region of regions(this.#sql, this.#escapes)) bound += this.#region(region);
    for (const name of Object.keys(this.#params))
      if (!this.#mentioned.has(name))
        throw new StrategyClientError(
          'INVALID_ARGUMENT',
          `parameter ${name} is given, but the statement has no %(${name})s; remove it or correct its name`,
        );
    return bound;
  }

  #region({ kind, start, end }: Region): string {
    const text = this.#sql.slice(start, end);
    const bound = text.replace(PLACEHOLDER, (whole: string, name: string | undefined, at: number) => {
      if (name === undefined) return '%';
      this.#mentioned.add(name);
      if (kind === 'comment') return whole;
      if (kind === 'quoted') throw quoted(name, start + at);
      const literal = this.#literal(name);
      // `a-%(n)s` with -1 would become a comment.
      return literal.startsWith('-') && text[at - 1] === '-' ? ` ${literal}` : literal;
    });
    return kind === 'comment' ? text : bound;
  }

  #literal(name: string): string {
    if (Object.hasOwn(this.#params, name)) return sqlLiteral(name, this.#params[name], this.#escapes);
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      `parameter ${name} is missing; the statement has %(${name})s, params has ${Object.keys(this.#params).join(', ') || 'nothing'}`,
    );
  }
}

const quoted = (name: string, at: number): StrategyClientError =>
  new StrategyClientError(
    'INVALID_ARGUMENT',
    `%(${name})s stands within quotes at character ${at}; write it without quotes, they come with the value (or %%(${name})s for that very text)`,
  );
