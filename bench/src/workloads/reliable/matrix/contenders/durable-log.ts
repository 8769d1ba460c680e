import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/** About the size of a small PLAN. */
const RECORD = Buffer.alloc(128, 'x');

/**
 * The least that many durable writes cost: those of one turn of the event loop share one write and one fdatasync, in the
 * calling thread, as SQLite does it.
 */
export class DurableLog {
  readonly #fd: number;
  #waiting: (() => void)[] = [];

  constructor(path: string) {
    this.#fd = openSync(path, 'a', 0o600);
  }

  /** Resolves when one more record is on the disk. */
  append(): Promise<void> {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  close(): void {
    closeSync(this.#fd);
  }

  #flush(): void {
    const done = this.#waiting;
    this.#waiting = [];
    writeSync(this.#fd, Buffer.concat(done.map(() => RECORD)));
    fdatasyncSync(this.#fd);
    for (const resolve of done) resolve();
  }
}
