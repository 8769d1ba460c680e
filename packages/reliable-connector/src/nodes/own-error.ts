import type { NodeReply } from './transport.js';

/** A reply that came, as opposed to a failure to get one. */
export type WholeReply = Extract<NodeReply, { kind: 'reply' }>;

/** Least status of an error. */
const FIRST_ERROR = 400;

/** A gateway, or a part of the node before its handler, answers these: they say nothing of the handler (4.2). */
const NOT_OF_THE_HANDLER: ReadonlySet<number> = new Set([425, 429, 502, 503, 504]);

/**
 * The message of an error that has the node's own shape (4.2), or null: a JSON object with exactly `message`, a string,
 * and `status`, the number of the HTTP status. Every error of a node looks so, refusals included; a proxy's page, or
 * JSON of any other shape, never does.
 */
export function ownErrorMessage(reply: WholeReply): string | null {
  if (reply.status < FIRST_ERROR) return null;
  const value = parseJson(reply.body);
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return null;
  if (!('message' in value && 'status' in value)) return null;
  return typeof value.message === 'string' && value.status === reply.status ? value.message : null;
}

/** Whether an error of the node's own shape also shows that its handler has ended: the rest of the rule in 4.2. */
export function comesFromHandler(reply: WholeReply): boolean {
  return !NOT_OF_THE_HANDLER.has(reply.status) && reply.headers['via'] === undefined;
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
