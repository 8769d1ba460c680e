import { CoordinationError } from '../../errors.js';

/** The parts of replies, as the scripts promise them. Anything else is somebody's proxy, or a mistake of ours. */
export function numberOf(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  throw unexpected('a number', reply);
}

export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw unexpected('a list', reply);
}

export function bytesOf(reply: unknown): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  throw unexpected('bytes', reply);
}

export function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  throw unexpected('text', reply);
}

const unexpected = (wanted: string, reply: unknown): CoordinationError =>
  new CoordinationError(
    'BACKEND',
    `Redis answered ${reply === null ? 'nil' : `a ${typeof reply}`} where ${wanted} belongs; is that a Redis?`,
  );
