import { type EscapeStyle, quotedText } from './escapes.js';
import { kindOf, refused } from './refused.js';
import { bigintText, checkedText, hexText, instantText, numberText } from './value-text.js';

/** A list may hold lists, for `(a, b) IN ((1, 2), (3, 4))`, and no deeper. */
const MAX_DEPTH = 2;

/**
 * A value as it stands in SQL: null as NULL, texts quoted, numbers and bigints as digits, booleans as TRUE and FALSE, a
 * Date as the text of its instant in UTC, bytes as `X'..'`, an array as a list in parentheses. Throws `INVALID_ARGUMENT`
 * for NaN, infinities, half surrogate pairs, empty arrays and everything else.
 */
export function sqlLiteral(
  parameter: string,
  value: unknown,
  escapes: EscapeStyle,
  depth: number = 0,
): string {
  switch (typeof value) {
    case 'string':
      return quotedText(checkedText(parameter, value), escapes);
    case 'number':
      return numberText(parameter, value);
    case 'bigint':
      return bigintText(parameter, value);
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'undefined':
      throw refused(parameter, 'is undefined; give a value, or null for NULL');
    default:
  }
  if (value === null) return 'NULL';
  if (value instanceof Date) return `'${instantText(parameter, value)}'`;
  if (value instanceof Uint8Array) return `X'${hexText(value)}'`;
  if (Array.isArray(value)) return list(parameter, value, escapes, depth);
  throw refused(
    parameter,
    `is ${kindOf(value)}; give a text, number, bigint, boolean, Date, Uint8Array, null or an array of these`,
  );
}

function list(parameter: string, values: readonly unknown[], escapes: EscapeStyle, depth: number): string {
  if (values.length === 0)
    throw refused(parameter, 'is an empty array, and SQL has no empty list; leave the condition out instead');
  if (depth === MAX_DEPTH) throw refused(parameter, `nests arrays deeper than ${MAX_DEPTH}`);
  const literals: string[] = [];
  // Not map(), which would leave holes as they are.
  for (const [index, value] of values.entries())
    literals.push(sqlLiteral(`${parameter}[${index}]`, value, escapes, depth + 1));
  return `(${literals.join(', ')})`;
}
