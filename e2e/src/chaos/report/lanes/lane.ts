import type { Label } from '../label.js';
import type { Markup } from '../markup.js';
import { markup } from '../markup.js';
import { GUTTER, round, type Scale } from '../scale.js';

/** A strip of the picture along the time. Its own top is 0. */
export interface Lane {
  readonly height: number;
  readonly shapes: readonly Markup[];
  readonly labels: readonly Label[];
}

/** Size of the names at the left. */
const NAME_SIZE = 11;
/** Narrower bars could not be seen or pointed at. */
const LEAST_WIDTH = 2.5;

/** A name at the left of a row. */
export function name(text: string, row: { readonly y: number; readonly height: number }): Label {
  const y = round(row.y + row.height / 2 + NAME_SIZE * 0.35);
  return { text, x: GUTTER - 10, y, size: NAME_SIZE, anchor: 'end', kind: 'name' };
}

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a time span is in a row. */
export function barOf(
  scale: Scale,
  span: { readonly from: number; readonly to: number },
  row: { readonly y: number; readonly height: number },
): Bar {
  const x = scale.x(span.from);
  return { x, y: row.y, width: Math.max(round(scale.x(span.to) - x), LEAST_WIDTH), height: row.height };
}

/** A bar with what is told when somebody points at it. */
export function rect({ x, y, width, height }: Bar, kind: string, title: string): Markup {
  const told = title === '' ? '' : markup`<title>${title}</title>`;
  return markup`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="2">${told}</rect>`;
}
