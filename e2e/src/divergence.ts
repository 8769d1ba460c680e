import type { AppliedEntry } from '@holdfast/cluster-sim';
import type { ClusterProcess } from './cluster-process.js';

/** What the nodes hold of one id: node → token, null where the id is absent. */
export type Holding = Readonly<Record<string, number | null>>;

/**
 * Follows what each node really holds, from the cluster's own log of applied writes. The connector has no part in it.
 * A wiped disk is not in the log, so this is for clusters whose disks stay.
 */
export class NodeWatch {
  readonly #cluster: ClusterProcess;
  readonly #held: ReadonlyMap<string, Map<string, number | null>>;
  #after = 0;

  constructor(cluster: ClusterProcess) {
    this.#cluster = cluster;
    this.#held = new Map(Object.keys(cluster.nodes).map((node) => [node, new Map()]));
  }

  /** Reads the log to its end. */
  async refresh(): Promise<void> {
    for (const entry of await this.#cluster.log(this.#after)) {
      if (entry.seq <= this.#after) continue;
      this.#after = entry.seq;
      this.#apply(entry);
    }
  }

  /** What the nodes hold of `groupId`, as of the last `refresh`. */
  holding(groupId: string): Holding {
    return Object.fromEntries(Array.from(this.#held, ([node, ids]) => [node, ids.get(groupId) ?? null]));
  }

  /** Every id that some node holds. */
  ids(): Set<string> {
    return new Set([...this.#held.values()].flatMap((ids) => [...ids.keys()]));
  }

  /** Ids whose nodes do not hold the same version, or hold it on some nodes only. */
  divergent(ids: Iterable<string> = this.ids()): string[] {
    return [...ids].filter((id) => new Set(Object.values(this.holding(id))).size > 1);
  }

  /** The one version of `groupId`, null when it is absent. Throws when the nodes differ. */
  version(groupId: string): number | null {
    const [first, ...others] = Object.values(this.holding(groupId));
    if (first === undefined || others.some((token) => token !== first))
      throw new Error(`the nodes differ in ${groupId}: ${JSON.stringify(this.holding(groupId))}`);
    return first;
  }

  /**
   * Asks the nodes themselves, by `/stats` and by a GET of each id on each node, and compares their answers with the
   * log. Returns what does not fit, in words. Faults must be off.
   */
  async contradictions(ids: Iterable<string>): Promise<string[]> {
    await this.refresh();
    const found: string[] = [];
    const [consistent, counts] = await readStats(this.#cluster);
    if (consistent !== (this.divergent().length === 0)) found.push(`/stats says ${consistent}`);
    for (const [node, held] of this.#held) {
      if (counts[node] !== held.size) found.push(`${node} counts ${counts[node]}, its log says ${held.size}`);
      for (const id of ids) {
        const { status } = await this.#cluster.send('GET', `/group/${encodeURIComponent(id)}`, { node });
        if (status !== (held.has(id) ? 200 : 404)) found.push(`GET ${id} on ${node} is answered ${status}`);
      }
    }
    return found;
  }

  #apply({ node, applied, groupId, timestamp }: AppliedEntry): void {
    if (applied === 'created') this.#held.get(node)?.set(groupId, timestamp);
    if (applied === 'deleted') this.#held.get(node)?.delete(groupId);
  }
}

/** The cluster's own statistics: whether all nodes hold the same ids, and how many each. */
export async function readStats(
  cluster: ClusterProcess,
): Promise<readonly [consistent: boolean, counts: Readonly<Record<string, number>>]> {
  const { text } = await cluster.send('GET', '/v1/stats');
  return JSON.parse(text) as [boolean, Record<string, number>];
}
