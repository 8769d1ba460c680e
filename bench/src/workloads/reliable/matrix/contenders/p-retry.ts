import pRetry, { AbortError } from 'p-retry';
import { type Dispatcher, Pool } from 'undici';
import { wallSeconds } from '../../../../harness/clock.js';
import { CONNECTIONS } from '../../bare-side.js';
import type { Creator, CreatorSetup } from './contender.js';

/** The connector's first wait and longest wait on average, and its patience, ms. */
const BACKOFF = {
  retries: Number.POSITIVE_INFINITY,
  minTimeout: 17,
  maxTimeout: 2_500,
  randomize: true,
  maxRetryTime: 15_000,
};

/**
 * What one writes in ten lines, and well: all nodes in parallel, each repeated with growing, jittered waits, what cannot
 * get better not repeated. It keeps no record, undoes nothing, and takes a 400 for an id that somebody else has made.
 */
export function openPRetry({ nodes }: CreatorSetup): Creator {
  const targets = Object.entries(nodes).map(([node, url]) => {
    const { origin, pathname } = new URL(url);
    return { node, path: `${pathname}/group`, pool: new Pool(origin, { connections: CONNECTIONS }) };
  });
  return {
    async create(groupId) {
      const timestamp = String(wallSeconds());
      const body = JSON.stringify({ groupId });
      const all = targets.map(({ node, path, pool }) => {
        const headers = { node, timestamp, 'content-type': 'application/json' };
        return pRetry(() => post(pool, { method: 'POST', path, headers, body }), BACKOFF);
      });
      const done = await Promise.allSettled(all);
      return done.every(({ status }) => status === 'fulfilled') ? 'created' : 'failed';
    },
    atRest: async () => {},
    async [Symbol.asyncDispose]() {
      await Promise.all(targets.map(({ pool }) => pool.close()));
    },
  };
}

async function post(pool: Pool, request: Dispatcher.RequestOptions): Promise<void> {
  const { statusCode, body } = await pool.request(request);
  await body.dump();
  if (statusCode === 201) return;
  const error = new Error(`answered ${statusCode}`);
  throw statusCode < 500 && statusCode !== 408 ? new AbortError(error) : error;
}
