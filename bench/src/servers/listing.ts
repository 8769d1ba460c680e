import { request } from 'undici';
import type { Cluster } from './cluster.js';

/** As the cluster answers; the extension `list`. */
interface Page {
  readonly groups: readonly { readonly groupId: string }[];
  readonly next: string | null;
}

const PAGE = 10_000;

/** On how many nodes each id that begins with `prefix` is, by the cluster's own listing. An id on none is not there. */
export async function countHolders(cluster: Cluster, prefix: string): Promise<ReadonlyMap<string, number>> {
  const holders = new Map<string, number>();
  for (const [node, url] of Object.entries(cluster.nodes)) {
    for await (const id of idsOf(url, node, prefix)) holders.set(id, (holders.get(id) ?? 0) + 1);
  }
  return holders;
}

/** The listing is in the order of the ids. */
async function* idsOf(url: string, node: string, prefix: string): AsyncGenerator<string, void, void> {
  for (let after: string | null = prefix; after !== null; ) {
    const query: Record<string, string | number> = { node, after, limit: PAGE };
    const { body } = await request(`${url}/groups`, { query });
    const { groups, next } = (await body.json()) as Page;
    for (const { groupId } of groups) {
      if (!groupId.startsWith(prefix)) return;
      yield groupId;
    }
    after = next;
  }
}
