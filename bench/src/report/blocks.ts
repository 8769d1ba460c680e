import { BenchError } from '../harness/bench-error.js';

/** `<!-- bench NAME -->` … `<!-- bench end -->` */
const BLOCK = /(<!-- bench (?!end )([\w-]+) -->\n)(.*?)(<!-- bench end -->)/gs;

/**
 * A text with the content of its marked blocks replaced; everything between them stays.
 *
 * @param contentOf what goes into the block of this name. Throws `INVALID_OPTION` for an unknown one.
 */
export function replaceBlocks(text: string, contentOf: (name: string) => string | undefined): string {
  return text.replace(BLOCK, (_, start: string, name: string, _old: string, end: string) => {
    const content = contentOf(name);
    if (content === undefined)
      throw new BenchError('INVALID_OPTION', `nothing is known to go into the block "bench ${name}"`);
    return `${start}\n${content.trim()}\n\n${end}`;
  });
}
