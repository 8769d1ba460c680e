import type { EscapeStyle } from './escapes.js';

/** A stretch of a statement. */
export interface Region {
  /** `quoted`: a text or a quoted name with its quotes; `comment`: with its marks; `code`: all else. */
  readonly kind: 'code' | 'quoted' | 'comment';
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a statement into code, quoted parts and comments, in one pass. A doubled quote makes two quoted regions side by
 * side, which is the same to those who ask. What is not closed reaches to the end: the engine will refuse it.
 */
export function* regions(sql: string, escapes: EscapeStyle): Generator<Region> {
  const opening = /['"`]|--|\/\*/g;
  let start = 0;
  for (let found = opening.exec(sql); found; found = opening.exec(sql)) {
    if (found.index > start) yield { kind: 'code', start, end: found.index };
    const end = endOf(sql, found[0], opening.lastIndex, escapes);
    yield { kind: found[0].length === 1 ? 'quoted' : 'comment', start: found.index, end };
    start = end;
    opening.lastIndex = end;
  }
  if (start < sql.length) yield { kind: 'code', start, end: sql.length };
}

function endOf(sql: string, mark: string, from: number, escapes: EscapeStyle): number {
  if (mark === '--') return after(sql, '\n', from);
  if (mark === '/*') return after(sql, '*/', from);
  if (mark === '`' || escapes === 'standard') return after(sql, mark, from);
  const special = mark === "'" ? /[\\']/g : /[\\"]/g;
  special.lastIndex = from;
  for (let found = special.exec(sql); found; found = special.exec(sql)) {
    if (found[0] === mark) return special.lastIndex;
    special.lastIndex += 1;
  }
  return sql.length;
}

function after(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from);
  return at < 0 ? sql.length : at + mark.length;
}
