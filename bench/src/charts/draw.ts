import { type Mark, Plot, parseHTML, type ScaleOptions } from './plot.js';
import { FAINT, STYLE } from './theme.js';

/** What a chart is made of, beside the marks. */
export interface Drawing {
  readonly title: string;
  /** A line below the title. */
  readonly subtitle: string;
  readonly width: number;
  /** Without the title. */
  readonly height: number;
  readonly marginLeft?: number;
  readonly marginRight?: number;
  readonly marginBottom?: number;
  readonly x: ScaleOptions;
  readonly y: ScaleOptions;
  readonly marks: readonly Mark[];
}

const TITLE_HEIGHT = 58;
const HALF = 2;

/** The text of an SVG file that stands for itself: no script, no font, no file beside it. */
export function draw(drawing: Drawing): string {
  const { title, subtitle, width, height, marks, ...rest } = drawing;
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    className: 'chart',
    ariaLabel: title,
    ariaDescription: subtitle,
    width,
    height: height + TITLE_HEIGHT,
    marginTop: TITLE_HEIGHT,
    ...rest,
    marks: [
      ...marks,
      heading(title, { y: TITLE_HEIGHT - 22, left: drawing.marginLeft, bold: true }),
      heading(subtitle, { y: TITLE_HEIGHT - 40, left: drawing.marginLeft, bold: false }),
    ],
  }).outerHTML;
  const paper = `<rect class="paper" x="0.5" y="0.5" width="${width - 1}" height="${height + TITLE_HEIGHT - 1}" rx="6"/>`;
  return `${svg
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/<style>.*?<\/style>/s, `<style>${STYLE}</style>${paper}`)
    .replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(HALF))))}\n`;
}

function heading(
  text: string,
  { y, left = 40, bold }: { readonly y: number; readonly left?: number | undefined; readonly bold: boolean },
): Mark {
  return Plot.text([text], {
    frameAnchor: 'top-left',
    text: (one) => one,
    dx: 16 - left,
    dy: -y,
    textAnchor: 'start',
    lineAnchor: 'middle',
    fontSize: bold ? 14 : 11,
    fontWeight: bold ? '600' : '400',
    fill: bold ? 'currentColor' : FAINT,
  });
}
