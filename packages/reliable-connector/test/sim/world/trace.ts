import { hash } from './prng.js';

/**
 * What happened in a run, line by line. A range of seeds keeps nothing; a replay keeps the lines, or only their hash,
 * which tells whether two runs were the same to the last bit.
 */
export class Trace {
  readonly mode: 'off' | 'hash' | 'lines';
  readonly lines: string[] = [];
  #low = 0x811c9dc5;
  #high = 0x01234567;

  constructor(mode: 'off' | 'hash' | 'lines' = 'off') {
    this.mode = mode;
  }

  /** The text is built only when somebody wants it. */
  add(at: number, who: string, text: () => string): void {
    if (this.mode === 'off') return;
    const line = `${(at / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(8)} ${text()}`;
    this.#low = hash(line, this.#low);
    this.#high = hash(line, this.#high ^ this.#low);
    if (this.mode === 'lines') this.lines.push(line);
  }

  /** 16 hex digits over all lines so far. */
  get digest(): string {
    return [this.#high, this.#low].map((word) => word.toString(16).padStart(8, '0')).join('');
  }
}
