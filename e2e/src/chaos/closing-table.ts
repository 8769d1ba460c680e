import { styleText } from 'node:util';
import type { Verdict } from './history/history.js';

/** What the judges say, one line each, and below them what speaks against those that do not hold. */
export function closingTable(verdicts: readonly Verdict[], colour: boolean): string {
  const paint = (style: 'green' | 'red', text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const name = Math.max(...verdicts.map((verdict) => verdict.name.length));
  const lines = verdicts.flatMap((verdict) => [
    `${verdict.holds ? paint('green', 'holds ') : paint('red', 'BROKEN')}  ${verdict.name.padEnd(name)}  ${verdict.figure} (${verdict.bound})`,
    ...verdict.against.map((text) => `        ${text}`),
  ]);
  return `${lines.join('\n')}\n`;
}
