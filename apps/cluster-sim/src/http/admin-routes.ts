import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ClusterSimError } from '../cluster-sim-error.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { AppliedRing } from '../log/applied-ring.js';
import { errorReply, jsonReply, type NodeReply, UNAUTHORIZED } from '../replies.js';
import { readWholeNumber } from './query-number.js';
import { sendReply } from './send-reply.js';

/** Page size of the applied log, and its bound. */
export const DEFAULT_LOG_LIMIT = 1_000;
export const MAX_LOG_LIMIT = 10_000;

/** What may be done to a node by name. */
export type NodeAction = 'stop' | 'start' | 'wipe';

const ACTIONS: readonly NodeAction[] = ['stop', 'start', 'wipe'];

/** The cluster as the admin routes see it. */
export interface AdminTarget {
  readonly adminToken: string;
  readonly ring: AppliedRing;
  faults(): FaultPlan;
  /** Replaces the whole plan; throws `INVALID_FAULTS` and changes nothing where it is wrong. */
  setFaults(plan: unknown): void;
  /** Throws `UNKNOWN_NODE`. */
  actOnNode(action: NodeAction, name: string): Promise<void>;
}

/** `/admin/*`, each behind the admin token. */
export async function addAdminRoutes(app: FastifyInstance, target: AdminTarget): Promise<void> {
  const expected = digest(`Bearer ${target.adminToken}`);
  await app.register(async (admin) => {
    admin.addHook('onRequest', (request, reply, next) => {
      // Digests have one length, so the comparison tells nothing about the token, not even how long it is.
      if (timingSafeEqual(digest(request.raw.headers.authorization ?? ''), expected)) return next();
      reply.header('www-authenticate', 'Bearer');
      sendReply(reply, UNAUTHORIZED);
    });
    admin.get('/admin/faults', (_request, reply) => sendReply(reply, jsonReply(200, target.faults())));
    admin.put('/admin/faults', (request, reply) => sendReply(reply, replaceFaults(target, request)));
    admin.get('/admin/log', (request, reply) => sendReply(reply, readLog(target.ring, request)));
    admin.post('/admin/nodes/:node/:action', (request, reply) => actOnNode(target, request, reply));
  });
}

function replaceFaults(target: AdminTarget, request: FastifyRequest): NodeReply {
  let plan: unknown;
  try {
    plan = JSON.parse(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
  } catch {
    return errorReply(400, 'the body must be a fault plan in JSON, such as {"errorBefore": 0.2}');
  }
  try {
    target.setFaults(plan);
  } catch (error) {
    if (error instanceof ClusterSimError) return errorReply(400, error.message);
    throw error;
  }
  return jsonReply(200, target.faults());
}

function readLog(ring: AppliedRing, request: FastifyRequest): NodeReply {
  const query = request.query as Readonly<Record<string, string | string[] | undefined>>;
  const max = Number.MAX_SAFE_INTEGER;
  const after = readWholeNumber(query['after'], { fallback: 0, min: 0, max });
  const limit = readWholeNumber(query['limit'], { fallback: DEFAULT_LOG_LIMIT, min: 1, max: MAX_LOG_LIMIT });
  if (after === undefined) return errorReply(400, 'after must be a whole number, the seq of an entry');
  if (limit === undefined) return errorReply(400, `limit must be a whole number from 1 to ${MAX_LOG_LIMIT}`);
  const entries = ring.read(after, limit);
  return jsonReply(200, { entries, oldest: ring.oldest?.seq ?? null, next: entries.at(-1)?.seq ?? after });
}

async function actOnNode(target: AdminTarget, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { node, action } = request.params as { node: string; action: string };
  const known = ACTIONS.find((name) => name === action);
  if (known === undefined) {
    return sendReply(reply, errorReply(404, `'${action}' is no action; use ${ACTIONS.join(', ')}`));
  }
  try {
    await target.actOnNode(known, node);
  } catch (error) {
    if (!(error instanceof ClusterSimError)) throw error;
    return sendReply(reply, errorReply(error.code === 'UNKNOWN_NODE' ? 404 : 409, error.message));
  }
  sendReply(reply, jsonReply(200, { node, action: known }));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
