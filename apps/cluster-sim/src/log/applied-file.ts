import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Name of the log within the data folder; one older generation stands beside it as `applied.log.1`. */
export const APPLIED_LOG = 'applied.log';

/** How much of the end is read to find the last number; far more than one line can have. */
const TAIL_BYTES = 256 * 1024;

/**
 * The applied log on disk: JSON lines, appended after the commit and before the reply, so that a line survives the
 * death of the process. Two things can go wrong: a process that dies between commit and append leaves a write
 * without its line, and one that dies within the append leaves a torn line, which the next start ends.
 */
export class AppliedFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #bytes: number;
  /** Number of the last entry that was found at the start, 0 for none. */
  readonly lastSeq: number;

  /** @param maxBytes size at which the file is set aside and the one before is dropped. */
  constructor(folder: string, maxBytes: number) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, APPLIED_LOG);
    this.#maxBytes = maxBytes;
    const tail = readTail(this.#path) || readTail(`${this.#path}.1`);
    this.lastSeq = lastSeqOf(tail);
    this.#descriptor = openSync(this.#path, 'a');
    this.#bytes = fstatSync(this.#descriptor).size;
    if (this.#bytes > 0 && !tail.endsWith('\n')) this.append('\n');
  }

  /** Appends whole lines, each ending in a line feed; throws what the file system throws. */
  append(lines: string): void {
    if (this.#bytes >= this.#maxBytes) this.#rotate();
    this.#bytes += writeSync(this.#descriptor, lines);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    try {
      renameSync(this.#path, `${this.#path}.1`);
    } finally {
      // Also after a failure: the log goes on in the old file, and the next append tries again.
      this.#descriptor = openSync(this.#path, 'a');
      this.#bytes = fstatSync(this.#descriptor).size;
    }
  }
}

function readTail(path: string): string {
  if (!existsSync(path)) return '';
  const descriptor = openSync(path, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

function lastSeqOf(tail: string): number {
  for (const line of tail.split('\n').reverse()) {
    const seq = /^\{"seq":(\d+),.*\}$/.exec(line)?.[1];
    if (seq !== undefined) return Number(seq);
  }
  return 0;
}
