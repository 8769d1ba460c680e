import { createHash } from 'node:crypto';
import type { RedisClient } from '../client.js';

/** A script of the server: one atomic step. Its file names KEYS, ARGV and the reply. */
export interface Script {
  readonly lua: string;
  /** By which EVALSHA knows it. */
  readonly sha: string;
}

export function script(...parts: readonly string[]): Script {
  const lua = parts.map((part) => part.trim()).join('\n');
  return Object.freeze({ lua, sha: createHash('sha1').update(lua).digest('hex') });
}

/** Runs it on one key; sends its text where the server does not know it. */
export async function run(client: RedisClient, { lua, sha }: Script, ...args: string[]): Promise<unknown> {
  try {
    return await client.evalsha(sha, 1, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(lua, 1, ...args);
  }
}
