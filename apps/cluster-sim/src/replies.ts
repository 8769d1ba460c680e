import { pythonFloatRepr } from './python-float.js';
import { pythonJsonString, pythonList } from './python-text.js';

/** One answer, ready to send: its bytes are those of the origin, blanks included. */
export interface NodeReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Extension `timestamp` (4.7): value of the response header of that name. */
  readonly timestamp?: string;
}

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json';

/** A plain answer of the origin's web framework. */
function html(status: number, text: string): NodeReply {
  return { status, contentType: HTML, body: Buffer.from(text) };
}

/** The origin's error shape: exactly `message` and `status`. */
export function errorReply(status: number, message: string): NodeReply {
  const body = `{"message": ${pythonJsonString(message)}, "status": ${status}}`;
  return { status, contentType: JSON_TYPE, body: Buffer.from(body) };
}

/** Any value as JSON; for endpoints that the origin does not have. */
export function jsonReply(status: number, value: unknown): NodeReply {
  return { status, contentType: JSON_TYPE, body: Buffer.from(`${JSON.stringify(value)}\n`) };
}

export const PONG: NodeReply = html(200, 'PONG\n');
export const CREATED: NodeReply = html(201, 'CREATED\n');
export const DELETED: NodeReply = html(200, 'OK\n');
export const EXISTS: NodeReply = errorReply(400, 'Perhaps the object exists.');
export const TOMBSTONED: NodeReply = errorReply(410, 'Timestamp was deleted.');
export const STALE_FENCE: NodeReply = errorReply(412, 'Stale fence.');
export const NO_NODE: NodeReply = errorReply(406, 'provide node parameter in request headers');
export const NO_BODY: NodeReply = errorReply(406, 'Invalid Request, Please provide body');
export const NO_GROUP_ID: NodeReply = errorReply(406, 'Invalid Request, missing groupId in body');
export const NOT_UNDERSTOOD: NodeReply = errorReply(
  400,
  'The browser (or proxy) sent a request that this server could not understand.',
);
export const NOT_FOUND: NodeReply = errorReply(
  404,
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
);
export const METHOD_NOT_ALLOWED: NodeReply = errorReply(
  405,
  'The method is not allowed for the requested URL.',
);
export const INTERNAL_ERROR: NodeReply = errorReply(
  500,
  'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
);
export const RANDOM_INTERNAL_ERROR: NodeReply = errorReply(500, 'InternalServerError due to Random Behavior');
export const RANDOM_TIMEOUT: NodeReply = errorReply(408, 'Timeout due to Random Behavior');
export const UNAUTHORIZED: NodeReply = errorReply(
  401,
  'Send the admin token as "Authorization: Bearer <token>".',
);

/** The record that GET asked for. */
export function foundReply(groupId: string, timestamp: string | undefined): NodeReply {
  const body = Buffer.from(`{"groupId":${pythonJsonString(groupId)}}\n`);
  const reply = { status: 200, contentType: JSON_TYPE, body };
  return timestamp === undefined ? reply : { ...reply, timestamp };
}

/** No such record, or none with this timestamp: the origin names both in its message. */
export function absentReply(groupId: string, timestamp: number | null): NodeReply {
  const what = `No group record found with id '${groupId}'`;
  return errorReply(404, timestamp === null ? what : `${what} and timestamp '${pythonFloatRepr(timestamp)}'`);
}

export function unknownNodeReply(name: string, available: readonly string[]): NodeReply {
  return errorReply(406, `node ${name} is not configured. Available nodes ${pythonList(available)}`);
}

/** `[true, {"node01": 3, …}]`: the origin answers JSON text without saying so in the content type. */
export function statsReply(consistent: boolean, counts: ReadonlyMap<string, number>): NodeReply {
  const pairs = [...counts].map(([name, count]) => `${pythonJsonString(name)}: ${count}`);
  return html(200, `[${consistent}, {${pairs.join(', ')}}]`);
}
