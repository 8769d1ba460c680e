import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'undici';
import { BenchError } from '../../harness/bench-error.js';
import { nowMs, pause } from '../../harness/clock.js';
import { appEntry } from '../../harness/entries.js';
import type { DevStack } from './dev-stack.js';

/** Ms between two looks at the nodes; each look counts the rows of all of them. */
const LOOK_EVERY_MS = 10;
/** Beyond so many ids a look takes ms itself. */
const MANY = 1_000;
const LOOK_RARELY_MS = 50;
const LONGEST_MS = 300_000;

/** A change of what is wanted. */
export interface Wish {
  readonly operation: 'want' | 'unwant';
  /** Ids `from` to `from + ids - 1`. */
  readonly from: number;
  readonly ids: number;
}

/** Records of each node, as the cluster says; null: the nodes differ. */
export async function recordsOf(stack: DevStack, signal: AbortSignal): Promise<number | null> {
  const { statusCode, body } = await request(`${stack.cluster}/stats`, { signal });
  const said: unknown = await body.json();
  if (statusCode === 200 && Array.isArray(said)) {
    const [consistent, counts]: unknown[] = said;
    if (consistent === false) return null;
    if (typeof counts === 'object' && counts !== null) return Number(Object.values(counts)[0]);
  }
  throw new BenchError('WRONG_REPLY', `GET ${stack.cluster}/stats was answered with ${statusCode}`);
}

/**
 * Runs `job want` or `job unwant` and waits until every node holds what is then wanted.
 *
 * @returns seconds from the start of `job`, a process of its own, until then.
 */
export async function fulfil(stack: DevStack, wish: Wish, signal: AbortSignal): Promise<number> {
  const before = await recordsOf(stack, signal);
  if (before === null) throw new BenchError('WRONG_REPLY', 'the nodes differ before anything is wanted');
  const target = before + (wish.operation === 'want' ? wish.ids : -wish.ids);
  const begunAt = nowMs();
  const said = runJob(stack, wish, signal);
  const everyMs = wish.ids > MANY ? LOOK_RARELY_MS : LOOK_EVERY_MS;
  try {
    while ((await recordsOf(stack, signal)) !== target) {
      if (nowMs() - begunAt > LONGEST_MS)
        throw new BenchError(
          'WRONG_REPLY',
          `${wish.operation} of ${wish.ids} ids had no end in ${LONGEST_MS} ms`,
        );
      await pause(everyMs, signal);
    }
    return (nowMs() - begunAt) / 1000;
  } finally {
    await said;
  }
}

async function runJob(stack: DevStack, { operation, from, ids }: Wish, signal: AbortSignal): Promise<void> {
  const { args } = await appEntry('job-cli');
  const range = ['--from', String(from), '--to', String(from + ids - 1)];
  const child = spawn(process.execPath, [...args, operation, ...range, '--quiet'], {
    env: stack.env,
    signal,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new BenchError('CHILD_FAILED', `job ${operation} of ${ids} ids ended with ${code}`);
}
