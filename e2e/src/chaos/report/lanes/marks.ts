import { type Markup, markup } from '../markup.js';
import { round, type Scale } from '../scale.js';

/** A small triangle at the top of a lane: something that should not have happened. */
export function failure(scale: Scale, at: number, title: string): Markup {
  const x = scale.x(at);
  return markup`<path class="failure" d="M${round(x - 4)} 0H${round(x + 4)}L${x} 7Z"><title>${title}</title></path>`;
}

/** Half the size of a cross. */
export const ARM = 4;

/** A cross in the middle of a row: the end of a process. */
export function cross(x: number, y: number, title: string): Markup {
  const [left, right] = [round(x - ARM), round(x + ARM)];
  const lines = `M${left} ${y - ARM}L${right} ${y + ARM}M${left} ${y + ARM}L${right} ${y - ARM}`;
  return markup`<path class="kill" d="${lines}"><title>${title}</title></path>`;
}

/** A small triangle that points back. */
export function backwards(x: number, y: number, title: string): Markup {
  const outline = `M${round(x - 5)} ${y}L${round(x + 3)} ${y - 5}V${y + 5}Z`;
  return markup`<path class="back" d="${outline}"><title>${title}</title></path>`;
}
