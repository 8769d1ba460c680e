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

/** What the scripts of one namespace and list of lock key formats have in common: part of their text. */
export interface Dialect {
  /** How many keys a lock has. */
  readonly formats: number;
  /** Prefix of our own keys, bytes as sent. */
  readonly extra: Uint8Array;
}

/** `local X = …`: the prefix of our own keys. */
export const extraLua = (dialect: Dialect): string => `local X = ${luaString(dialect.extra)}`;

/** Bytes as a Lua literal. */
export function luaString(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
  }
  return `"${text}"`;
}
