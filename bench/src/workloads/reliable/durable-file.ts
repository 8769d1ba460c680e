import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

/** A record of about the size of a small PLAN. */
const RECORD = Buffer.alloc(128, 'x');

/**
 * The least that a durable write costs here: a small record at the end of a file, then fdatasync. In the calling
 * thread, as SQLite does it; a hop to the thread pool would only add to the floor.
 */
export class DurableFile {
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openSync(path, 'a', 0o600);
  }

  append(): void {
    writeSync(this.#fd, RECORD);
    fdatasyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
