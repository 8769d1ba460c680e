import { systemClock } from '../../../src/clock.js';
import type { Logger } from '../../../src/logger.js';
import { systemRandom } from '../../../src/random.js';
import type { StoreContext } from '../../../src/stores/strategy-store.js';

export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A context whose log can be read, and awaited. */
export class LoggedContext implements StoreContext {
  readonly clock = systemClock;
  readonly random = systemRandom;
  readonly lines: Line[] = [];
  readonly logger: Logger = {
    debug: (fields, message) => this.#log({ level: 'debug', fields, message }),
    info: (fields, message) => this.#log({ level: 'info', fields, message }),
    warn: (fields, message) => this.#log({ level: 'warn', fields, message }),
    error: (fields, message) => this.#log({ level: 'error', fields, message }),
  };
  readonly #waiting = new Set<() => void>();

  /** The messages of a level, in order. */
  of(level: Line['level']): string[] {
    return this.lines.filter((line) => line.level === level).map((line) => line.message);
  }

  /** Resolves when there are so many lines of a level. */
  async logged(level: Line['level'], count = 1): Promise<void> {
    while (this.of(level).length < count)
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
  }

  #log(line: Line): void {
    this.lines.push(line);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
