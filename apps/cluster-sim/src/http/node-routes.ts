import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NodeDirectory } from '../node-directory.js';
import { errorReply, jsonReply, type NodeReply, PONG, statsReply } from '../replies.js';
import type { StatsReader } from '../stats.js';
import { readWholeNumber } from './query-number.js';
import { sendReply } from './send-reply.js';

/** Page size of the extension `list` (4.7), and its bound. */
export const DEFAULT_LIST_LIMIT = 1_000;
export const MAX_LIST_LIMIT = 10_000;

/** What the routes need. */
export interface NodeRoutesOptions {
  readonly directory: NodeDirectory;
  readonly stats: StatsReader;
  /** Whether the extension `list` is on; off, its route does not exist. */
  readonly list: boolean;
}

/** `/ping`, `/stats` and, with the extension `list`, `/groups`. No dice are thrown here; a node that is down is silent. */
export function addNodeRoutes(app: FastifyInstance, options: NodeRoutesOptions): void {
  const { directory, stats } = options;
  const answer = (work: (request: FastifyRequest) => NodeReply) => {
    return (request: FastifyRequest, reply: FastifyReply): void => {
      if (directory.find(request.raw.headers)?.isDown) {
        reply.hijack();
        request.raw.socket.resetAndDestroy();
      } else sendReply(reply, work(request));
    };
  };
  const readStats = (): NodeReply => {
    const { consistent, counts } = stats.read();
    return statsReply(consistent, counts);
  };
  for (const prefix of ['', '/v1']) {
    app.get(
      `${prefix}/ping`,
      answer(() => PONG),
    );
    app.get(
      `${prefix}/ping/`,
      answer(() => PONG),
    );
    app.get(`${prefix}/stats`, answer(readStats));
    if (options.list)
      app.get(
        `${prefix}/groups`,
        answer((request) => list(directory, request)),
      );
  }
}

function list(directory: NodeDirectory, request: FastifyRequest): NodeReply {
  const query = request.query as Readonly<Record<string, string | string[] | undefined>>;
  const headers = { ...request.raw.headers };
  if (query['node'] !== undefined) headers['node'] = String(query['node']);
  const node = directory.find(headers);
  if (node === undefined) return directory.refusal(headers);
  const limit = readWholeNumber(query['limit'], {
    fallback: DEFAULT_LIST_LIMIT,
    min: 1,
    max: MAX_LIST_LIMIT,
  });
  if (limit === undefined) return errorReply(400, `limit must be a whole number from 1 to ${MAX_LIST_LIMIT}`);
  const after = query['after'];
  // One more than asked for tells whether there is another page.
  const found = node.store.list(after === undefined ? undefined : String(after), limit + 1);
  const groups = found.slice(0, limit);
  const next = found.length > limit ? (groups.at(-1)?.groupId ?? null) : null;
  return jsonReply(200, { groups, next });
}
