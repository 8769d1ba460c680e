import type { NodeDirectory } from './node-directory.js';

/** What `/stats` says: whether all nodes hold the same ids, and how many each holds. */
export interface ClusterStats {
  readonly consistent: boolean;
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Compares the nodes' sets of ids, as the origin does; timestamps play no part. Reading every id takes about a
 * second for a million, so the result is kept until a node changes, and ids are read only where the counts agree.
 */
export class StatsReader {
  readonly #directory: NodeDirectory;
  #seen = '';
  #stats: ClusterStats = { consistent: true, counts: new Map() };

  constructor(directory: NodeDirectory) {
    this.#directory = directory;
  }

  read(): ClusterStats {
    const nodes = this.#directory.all;
    const now = nodes.map((node) => node.store.changes).join(' ');
    if (now === this.#seen) return this.#stats;
    const counts = new Map(nodes.map((node) => [node.name, node.store.count()]));
    this.#stats = { consistent: new Set(counts.values()).size <= 1 && this.#sameIds(), counts };
    this.#seen = now;
    return this.#stats;
  }

  /** Walks all nodes in step, in the one order of their ids. */
  #sameIds(): boolean {
    const [first, ...others] = this.#directory.all.map((node) => node.store.ids());
    try {
      for (const id of first ?? []) {
        if (others.some((ids) => ids.next().value !== id)) return false;
      }
      return true;
    } finally {
      // An open iterator would keep its database from doing anything else.
      for (const ids of others) ids.return?.();
    }
  }
}
