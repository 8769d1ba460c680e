import type { NodeClient } from '../nodes/node-client.js';
import { type GroupContext, readBounds } from './context.js';

const PAGE = 1_000;
/** A page that is not had is asked for again so many times; then the catalog and the other nodes have to do. */
const ATTEMPTS = 8;

/** Every id that the catalog or – with the extension `list` – a node holds, each once. Memory: the ids. */
export async function* heldIds(
  context: GroupContext,
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  const seen = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = await context.session.catalog({ limit: PAGE, ...(after !== undefined && { after }) });
    for (const { key } of page) {
      seen.add(key);
      yield key;
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) break;
  }
  for (const client of context.clients)
    for await (const id of listedBy(context, client, signal)) {
      if (seen.has(id)) continue;
      seen.add(id);
      yield id;
    }
}

async function* listedBy(
  context: GroupContext,
  client: NodeClient,
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  for (let after: string | null = null; ; ) {
    const page = await listPage(context, client, after, signal);
    if (!page) return;
    for (const { groupId } of page.groups) yield groupId;
    if (page.next === null) return;
    after = page.next;
  }
}

async function listPage(
  context: GroupContext,
  client: NodeClient,
  after: string | null,
  signal?: AbortSignal,
): ReturnType<NodeClient['list']> {
  for (let attempt = 1; attempt <= ATTEMPTS && !signal?.aborted; attempt += 1) {
    const bounds = readBounds(context, context.engine.clock.monotonic() + context.options.deadlineMs, signal);
    // The first reply of a node tells whether it can list at all.
    if (client.extensions.size === 0) await client.stats(bounds);
    if (!client.extensions.has('list')) return null;
    const page = await client.list(after, bounds);
    if (page) return page;
  }
  return null;
}
