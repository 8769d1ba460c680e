import { pythonFloat } from './python-float.js';

/** A reply as bytes would carry it. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HTML = 'text/html; charset=utf-8';

function text(status: number, body: string, contentType = HTML): WireReply {
  return { status, headers: { 'content-type': contentType }, body };
}

/** The origin's error: Python's spacing, exactly two members. */
export function ownError(status: number, message: string): WireReply {
  return text(status, `{"message": ${JSON.stringify(message)}, "status": ${status}}`, 'application/json');
}

function noRecord(groupId: string, token: number | null): WireReply {
  const version = token === null ? '' : ` and timestamp '${pythonFloat(token)}'`;
  return ownError(404, `No group record found with id '${groupId}'${version}`);
}

/** The replies of the origin's node API, byte for byte, and those of the extensions (4.7). */
export const replies = {
  created: text(201, 'CREATED\n'),
  deleted: text(200, 'OK\n'),
  exists: ownError(400, 'Perhaps the object exists.'),
  burnt: ownError(410, 'Timestamp was deleted.'),
  fenced: ownError(412, 'Stale fence.'),
  noRecord,
  group: (groupId: string): WireReply =>
    text(200, `{"groupId":${JSON.stringify(groupId)}}\n`, 'application/json'),
  stats: (consistent: boolean, counts: ReadonlyMap<string, number>): WireReply =>
    text(200, `[${consistent}, {${[...counts].map(([name, n]) => `"${name}": ${n}`).join(', ')}}]`),
  list: (groups: readonly { groupId: string; timestamp: number | null }[], next: string | null): WireReply =>
    text(200, JSON.stringify({ groups, next }), 'application/json'),
  notFound: ownError(
    404,
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  ),
};
