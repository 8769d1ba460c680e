import type { Random } from '../random.js';

const WORD = 2 ** 32;

/** Makes ids that no other call of the same process has got, and that a seed makes again. */
export class IdSource {
  readonly #random: Random;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(prefix: string): string {
    this.#count += 1;
    const chance = Array.from({ length: 3 }, () =>
      Math.floor(this.#random() * WORD)
        .toString(16)
        .padStart(8, '0'),
    );
    return `${prefix}-${this.#count.toString(36)}-${chance.join('')}`;
  }
}
