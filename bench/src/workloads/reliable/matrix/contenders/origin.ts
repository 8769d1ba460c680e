import { Client } from 'undici';
import { pause, wallSeconds } from '../../../../harness/clock.js';
import type { Creator, CreatorSetup, Told } from './contender.js';

interface Written {
  readonly node: string;
  readonly url: string;
  readonly timestamp: string;
}

/** Statuses with which it is content, for every verb alike. */
const ACCEPTABLE: ReadonlySet<number> = new Set([200, 201, 400, 404]);
/** Failures after which a rollback is given up, those of all nodes together. */
const MOST_FAILURES = 11;
const RETRY_MS = 100;

/**
 * The origin's way, in TypeScript so that no language is measured: node after node, a connection per request, nothing
 * written down. After a bad status what was written is deleted again, in the same order, until that has failed 11 times;
 * a request without a reply ends the create without any rollback.
 */
export function openOrigin({ nodes }: CreatorSetup): Creator {
  return {
    create: (groupId) => create(nodes, groupId).catch(() => 'failed' as const),
    atRest: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function create(nodes: CreatorSetup['nodes'], groupId: string): Promise<Told> {
  const written: Written[] = [];
  for (const [node, url] of Object.entries(nodes)) {
    const one = { node, url, timestamp: String(wallSeconds()) };
    const status = await send('POST', one, groupId);
    written.push(one);
    if (ACCEPTABLE.has(status)) continue;
    await rollBack(written, groupId);
    return 'failed';
  }
  return 'created';
}

async function rollBack(written: Written[], groupId: string): Promise<void> {
  for (let failures = 0; failures < MOST_FAILURES; ) {
    const [first] = written;
    if (first === undefined) return;
    if (ACCEPTABLE.has(await send('DELETE', first, groupId))) written.shift();
    else {
      failures += 1;
      await pause(RETRY_MS);
    }
  }
}

async function send(
  method: 'POST' | 'DELETE',
  { node, url, timestamp }: Written,
  groupId: string,
): Promise<number> {
  const { origin, pathname } = new URL(url);
  const client = new Client(origin, { pipelining: 1 });
  try {
    const headers = { node, timestamp, 'content-type': 'application/json' };
    const body = JSON.stringify({ groupId });
    const reply = await client.request({ method, path: `${pathname}/group`, headers, body });
    await reply.body.dump();
    return reply.statusCode;
  } finally {
    await client.destroy();
  }
}
