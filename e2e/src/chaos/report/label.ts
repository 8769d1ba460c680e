import { type Markup, markup } from './markup.js';
import { round } from './scale.js';

/** A text in the picture. It takes at most `width`, so that labels whose boxes are apart never overlap. */
export interface Label {
  readonly text: string;
  /** Left end, or right end where `anchor` is `end`, or the middle. */
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly kind: 'name' | 'tick' | 'bar' | 'soft';
}

/** Widest sign of the fonts that `system-ui` stands for, on the average of a word, as a part of the size. */
const SIGN = 0.6;

export const widthOf = (text: string, size: number): number => [...text].length * size * SIGN;

/** The box of a label. */
export function boxOf({ text, x, y, size, anchor }: Label): {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
} {
  const width = widthOf(text, size);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.2 };
}

const PADDING = 3;

/** The first of the texts that fits into a bar, in its middle; none: nothing fits. */
export function inBar(
  texts: readonly string[],
  bar: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  size: number,
): readonly Label[] {
  const text = texts.find((one) => one !== '' && widthOf(one, size) + 2 * PADDING <= bar.width);
  if (text === undefined) return [];
  const [x, y] = [round(bar.x + bar.width / 2), round(bar.y + bar.height / 2 + size * 0.35)];
  return [{ text, x, y, size, anchor: 'middle', kind: 'bar' }];
}

export const drawn = ({ text, x, y, size, anchor, kind }: Label): Markup =>
  markup`<text class="${kind}" x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}">${text}</text>`;
