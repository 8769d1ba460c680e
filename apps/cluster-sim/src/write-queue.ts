import type { AppliedLog } from './log/applied-log.js';
import type { Logger } from './logger.js';
import type { NodeWrite, WriteStatus } from './node-write.js';
import type { SimNode } from './sim-node.js';

/** A write that waits for the commit of its turn. */
export interface QueuedWrite {
  readonly write: NodeWrite;
  /** Asked when the write is applied: whether its client has gone by then. */
  isLate(): boolean;
  /** Called once, after the commit, with the node's answer. Must not throw. */
  done(status: WriteStatus): void;
}

/**
 * Commits the writes of one turn of the event loop together, one transaction per node, and answers after the
 * commit. Each write stays atomic: a batch in which one throws is rolled back and its writes are carried out one by
 * one, so that a failing write (disk full) is answered 500 and the others are not touched by it.
 */
export class WriteQueue {
  readonly #log: AppliedLog;
  readonly #logger: Logger;
  #waiting = new Map<SimNode, QueuedWrite[]>();
  #scheduled = false;

  constructor(log: AppliedLog, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
  }

  push(node: SimNode, queued: QueuedWrite): void {
    const batch = this.#waiting.get(node);
    if (batch === undefined) this.#waiting.set(node, [queued]);
    else batch.push(queued);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Commits what waits, now. */
  flush(): void {
    this.#scheduled = false;
    if (this.#waiting.size === 0) return;
    const batches = this.#waiting;
    this.#waiting = new Map();
    const answers: [QueuedWrite, WriteStatus][] = [];
    for (const [node, batch] of batches) {
      const statuses = this.#commit(node, batch);
      batch.forEach((queued, place) => {
        const status = statuses[place] ?? 500;
        if (status !== 500) this.#log.add(node.name, queued.write, status, queued.isLate());
        answers.push([queued, status]);
      });
    }
    this.#log.flush();
    for (const [queued, status] of answers) queued.done(status);
  }

  #commit(node: SimNode, batch: readonly QueuedWrite[]): readonly WriteStatus[] {
    try {
      return applyTogether(node, batch);
    } catch (error) {
      if (batch.length === 1) return [this.#failed(node, error)];
      return batch.map((queued) => {
        try {
          return applyTogether(node, [queued])[0] ?? 500;
        } catch (failure) {
          return this.#failed(node, failure);
        }
      });
    }
  }

  #failed(node: SimNode, error: unknown): WriteStatus {
    this.#logger.error({ err: error, node: node.name }, 'a write failed and was rolled back');
    return 500;
  }
}

function applyTogether(node: SimNode, batch: readonly QueuedWrite[]): readonly WriteStatus[] {
  const statuses: WriteStatus[] = [];
  node.store.commit(() => {
    for (const queued of batch) statuses.push(node.store.apply(queued.write));
  });
  return statuses;
}
