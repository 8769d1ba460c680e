import type { Answer, Verb } from './answer.js';
import { EXTENSIONS_HEADER, parseExtensions } from './extensions.js';
import { comesFromHandler, ownErrorMessage, parseJson, type WholeReply } from './own-error.js';
import { parseRetryAfter } from './retry-after.js';
import type { NodeReply } from './transport.js';

/** What the meaning of a reply depends on beside the reply. */
export interface ClassifyOptions {
  /** The id that was asked about: a GET must answer this one. */
  readonly groupId: string;
  /** A node's own error reply ends its handler (4.2). */
  readonly ownErrorsAreFinal: boolean;
  /** Something between may send a request twice (4.2). */
  readonly proxyMayResend: boolean;
  /** Wall time in ms since 1970, for dates in `Retry-After`. */
  readonly nowMs: number;
}

/** The meaning of a reply: a pure function, replaceable so that a wrong one can be shown to be caught. */
export type Classify = (verb: Verb, reply: NodeReply, o: ClassifyOptions) => Answer;

const CREATED: Answer = Object.freeze({ class: 'yes', status: 201 });
const DELETED: Answer = Object.freeze({ class: 'yes', status: 200 });
const EXISTS: Answer = Object.freeze({ class: 'no', status: 400 });
const ABSENT: Answer = Object.freeze({ class: 'no', status: 404 });
const BURNT: Answer = Object.freeze({ class: 'burnt', status: 410 });
const FENCED: Answer = Object.freeze({ class: 'fenced', status: 412 });

const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 405, 406, 413, 415, 422]);
/** Characters of a refusal's message that are kept; it ends up in journals and logs. */
const MESSAGE_LENGTH = 500;

/**
 * The table of 4.2. A reply is definite only if its body says so too: `CREATED`, `OK`, the asked `groupId`, or an error
 * of the node's own shape (own-error.ts). So a page of a proxy is `unknown` under any status, also 400, 404 and those
 * of a refusal. A `Via` header alone makes no definite reply doubtful; it only keeps an error from being *finished*.
 * What this cannot see: a proxy that forges the node's own bodies.
 */
export const classify: Classify = (verb, reply, o) => {
  if (reply.kind === 'not_sent') return { class: 'not_sent', cause: reply.cause };
  if (reply.kind === 'silent')
    return { class: 'unknown', status: null, alive: true, retryAfterMs: null, cause: reply.cause };
  const yes = acceptance(verb, reply, o.groupId);
  if (yes !== null) return yes;
  const message = ownErrorMessage(reply);
  const definite = message === null ? null : refusal(verb, reply, message);
  if (definite !== null) return definite;
  const finished = message !== null && o.ownErrorsAreFinal && !o.proxyMayResend && comesFromHandler(reply);
  return {
    class: 'unknown',
    status: reply.status,
    alive: !finished,
    retryAfterMs: parseRetryAfter(reply.headers['retry-after'], o.nowMs),
    cause: message === null ? notTheNodes(reply) : null,
  };
};

/** Whether the reply was made by the node itself and not by something before it, as far as a reply can show that. */
export function isTheNodes(answer: Answer, reply: WholeReply): boolean {
  return answer.class !== 'unknown' || (ownErrorMessage(reply) !== null && comesFromHandler(reply));
}

function acceptance(verb: Verb, reply: WholeReply, groupId: string): Answer | null {
  if (verb === 'POST') return reply.status === 201 && reply.body.trim() === 'CREATED' ? CREATED : null;
  if (reply.status !== 200) return null;
  if (verb === 'DELETE') return reply.body.trim() === 'OK' ? DELETED : null;
  const value = parseJson(reply.body);
  if (typeof value !== 'object' || value === null) return null;
  if (!('groupId' in value) || value.groupId !== groupId) return null;
  if (!advertises(reply, 'timestamp')) return { class: 'yes', status: 200 };
  const timestamp = recordTimestamp(reply.headers['timestamp']);
  return timestamp === undefined ? null : { class: 'yes', status: 200, timestamp };
}

function refusal(verb: Verb, reply: WholeReply, message: string): Answer | null {
  const { status } = reply;
  if (verb === 'POST') {
    if (status === 400 && message === 'Perhaps the object exists.') return EXISTS;
    if (status === 410 && message === 'Timestamp was deleted.' && advertises(reply, 'tombstone'))
      return BURNT;
  } else if (status === 404 && message.startsWith('No group record found with id ')) return ABSENT;
  if (verb !== 'GET' && status === 412 && message === 'Stale fence.' && advertises(reply, 'fence'))
    return FENCED;
  return REFUSALS.has(status)
    ? { class: 'refused', status, message: message.slice(0, MESSAGE_LENGTH) }
    : null;
}

function advertises(reply: WholeReply, extension: 'timestamp' | 'tombstone' | 'fence'): boolean {
  return parseExtensions(reply.headers[EXTENSIONS_HEADER]).has(extension);
}

/**
 * The header `timestamp` of a GET (4.7): null when the record has none, or one that is no number and so is nobody's
 * token; undefined when it cannot be read, because to take a garbled token for a foreign one could orphan our record.
 */
function recordTimestamp(header: string | undefined): number | null | undefined {
  if (header === undefined || /^[+-]?(inf|infinity|nan)$/i.test(header)) return null;
  const value = header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(value) ? value : undefined;
}

function notTheNodes(reply: WholeReply): Error {
  const type = reply.headers['content-type'] ?? 'no content type';
  return new Error(`reply with status ${reply.status} (${type.slice(0, 80)}) is not one of the node's own`);
}
