import type { Clock } from '../clock.js';
import { formatFence } from '../fence.js';
import type { Logger } from '../logger.js';
import type { NodeWrite, WriteStatus } from '../node-write.js';
import type { AppliedEntry } from './applied-entry.js';
import { AppliedFile } from './applied-file.js';
import { AppliedRing } from './applied-ring.js';

/** What the log needs to know of its surroundings. */
export interface AppliedLogOptions {
  readonly folder: string;
  /** Size in bytes at which the file is set aside. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What was really applied, for checkers: the latest entries in memory, all of them in a bounded file. */
export class AppliedLog {
  readonly ring: AppliedRing = new AppliedRing();
  readonly #file: AppliedFile;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #seq: number;
  #lines = '';

  constructor(options: AppliedLogOptions) {
    this.#file = new AppliedFile(options.folder, options.maxBytes);
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#seq = this.#file.lastSeq;
  }

  /** Notes a write that has been committed; it reaches the file by the next `flush`. */
  add(node: string, write: NodeWrite, status: WriteStatus, late: boolean): void {
    this.#seq += 1;
    const entry: AppliedEntry = {
      seq: this.#seq,
      at: this.#clock.now(),
      node,
      verb: write.verb,
      groupId: write.groupId,
      timestamp: write.timestamp,
      fence: write.fence === null ? null : formatFence(write.fence),
      applied: status === 201 ? 'created' : status === 200 ? 'deleted' : 'none',
      status,
      fault: write.fault,
      late,
    };
    this.ring.push(entry);
    this.#lines += `${JSON.stringify(entry)}\n`;
  }

  /** Writes what has been noted. A full disk costs the lines, not the service: the nodes' files decide. */
  flush(): void {
    if (this.#lines === '') return;
    const lines = this.#lines;
    this.#lines = '';
    try {
      this.#file.append(lines);
    } catch (error) {
      this.#logger.error({ err: error }, 'the applied log could not be written, lines are lost');
    }
  }

  close(): void {
    this.flush();
    this.#file.close();
  }
}
