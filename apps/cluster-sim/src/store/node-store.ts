import type Database from 'better-sqlite3';
import type { Clock } from '../clock.js';
import type { ExtensionSet } from '../extensions.js';
import type { Fence } from '../fence.js';
import type { NodeWrite, WriteStatus } from '../node-write.js';
import { openNodeDatabase, removeNodeDatabase } from './node-database.js';
import { FENCE_DIGITS, type ListedGroup, type NodeStatements, prepareStatements } from './node-statements.js';

/** How long a tombstone is kept at least (4.7). */
export const TOMBSTONE_LIFE_MS: number = 24 * 60 * 60 * 1000;
/** How often old tombstones are looked for, and how many go at a time, so that a removal never takes long. */
const PRUNE_INTERVAL_MS = 1_000;
const PRUNE_ROWS = 10_000;

/**
 * The records of one node, in its own file. Every method is synchronous; `apply` is atomic only inside the
 * transaction of `commit`. A method throws what SQLite throws (disk full, I/O error).
 */
export class NodeStore {
  readonly #file: string;
  readonly #extensions: ExtensionSet;
  readonly #clock: Clock;
  #database: Database.Database;
  #statements: NodeStatements;
  #pruneAt = 0;
  #changes = 0;

  constructor(file: string, extensions: ExtensionSet, clock: Clock) {
    this.#file = file;
    this.#extensions = extensions;
    this.#clock = clock;
    this.#database = openNodeDatabase(file);
    this.#statements = prepareStatements(this.#database);
  }

  /** Grows with every change of the set of ids; equal values mean an equal set. */
  get changes(): number {
    return this.#changes;
  }

  /** Runs `work` in one transaction: it is durable against the death of the process when this returns. */
  commit(work: () => void): void {
    this.#statements.begin.run();
    try {
      work();
      this.#statements.commit.run();
    } catch (error) {
      // SQLite has rolled back by itself after some errors, and would refuse to do so twice.
      if (this.#database.inTransaction) this.#statements.rollback.run();
      throw error;
    }
  }

  /** Applies one write and says how the node answers it. Only within `commit`. */
  apply(write: NodeWrite): WriteStatus {
    // The fence is raised before anything else, since a write that misses raises it too (4.7).
    if (write.fence !== null && !this.#passes(write.fence)) return 412;
    return write.verb === 'POST'
      ? this.#create(write.groupId, write.timestamp)
      : this.#delete(write.groupId, write.timestamp);
  }

  /** The record's timestamp, null where it has none; undefined where there is no record. */
  find(groupId: string): number | null | undefined {
    return this.#statements.find.get(groupId);
  }

  count(): number {
    return this.#statements.count.get() ?? 0;
  }

  /** All ids in one fixed order. The iteration must end before the next call of another method. */
  ids(): IterableIterator<string> {
    return this.#statements.ids.iterate();
  }

  /** Up to `limit` records with ids behind `after`, in the order of their UTF-8 bytes. */
  list(after: string | undefined, limit: number): readonly ListedGroup[] {
    const { listFirst, listAfter } = this.#statements;
    return after === undefined ? listFirst.all(limit) : listAfter.all(after, limit);
  }

  /** The node comes back with an empty disk: no records, tombstones or fences. */
  wipe(): void {
    this.#database.close();
    removeNodeDatabase(this.#file);
    this.#database = openNodeDatabase(this.#file);
    this.#statements = prepareStatements(this.#database);
    this.#changes += 1;
  }

  close(): void {
    this.#database.close();
  }

  #create(groupId: string, timestamp: number | null): WriteStatus {
    const burnt = this.#extensions.tombstone && timestamp !== null;
    if (burnt && this.#statements.findTombstone.get(groupId, timestamp) !== undefined) return 410;
    if (this.#statements.insert.run(groupId, timestamp).changes === 0) return 400;
    this.#changes += 1;
    return 201;
  }

  #delete(groupId: string, timestamp: number | null): WriteStatus {
    if (timestamp !== null && this.#extensions.tombstone) this.#bury(groupId, timestamp);
    const gone =
      timestamp === null
        ? this.#statements.delete.run(groupId)
        : this.#statements.deleteVersion.run(groupId, timestamp);
    if (gone.changes === 0) return 404;
    this.#changes += 1;
    return 200;
  }

  #bury(groupId: string, timestamp: number): void {
    const now = this.#clock.now();
    this.#statements.bury.run(groupId, timestamp, Math.floor(now));
    if (now < this.#pruneAt) return;
    this.#pruneAt = now + PRUNE_INTERVAL_MS;
    this.#statements.prune.run(Math.floor(now) - TOMBSTONE_LIFE_MS, PRUNE_ROWS);
  }

  #passes(fence: Fence): boolean {
    const value = fence.value.toString().padStart(FENCE_DIGITS, '0');
    const highest = this.#statements.findFence.get(fence.scope);
    if (highest !== undefined && highest >= value) return highest === value;
    this.#statements.raiseFence.run(fence.scope, value);
    return true;
  }
}
