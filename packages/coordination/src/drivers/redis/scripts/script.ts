import { createHash } from 'node:crypto';

/** A script of the server: one atomic step. Its file names KEYS, ARGV and the reply. */
export interface Script {
  /** For messages: what the caller asked for. */
  readonly name: string;
  readonly lua: string;
  /** By which EVALSHA knows it. */
  readonly sha: string;
}

export function script(name: string, ...parts: readonly string[]): Script {
  const lua = parts.map((part) => part.trim()).join('\n');
  return Object.freeze({ name, lua, sha: createHash('sha1').update(lua).digest('hex') });
}
