import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { AdminTarget } from './admin-target.js';
import { EngineMetrics } from './engine-metrics.js';
import { readJson, readStrategy, readSwitch } from './read-body.js';
import { sendReply, UNAUTHORIZED } from './replies.js';

/** What shows the engine and changes nothing; open to everybody who reaches the port. */
export function addShowRoutes(app: FastifyInstance, target: AdminTarget): void {
  const metrics = new EngineMetrics();
  app.get('/healthz', (_request, reply) => {
    const { active, phase, suspended } = target.state();
    sendReply(reply, { status: 200, body: { status: 'ok', active, phase, suspended } });
  });
  app.get('/state', (_request, reply) => sendReply(reply, { status: 200, body: target.state() }));
  app.get('/faults', (_request, reply) => sendReply(reply, { status: 200, body: target.faults() }));
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.show(target.state());
    return reply.header('content-type', metrics.contentType).send(text);
  });
}

/** What changes something, each behind the admin token. */
export async function addChangeRoutes(
  app: FastifyInstance,
  target: AdminTarget,
  token: string,
): Promise<void> {
  const expected = digest(`Bearer ${token}`);
  await app.register(async (admin) => {
    admin.addHook('onRequest', (request, reply, next) => {
      // Digests have one length, so the comparison tells nothing about the token, not even how long it is.
      if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return next();
      reply.header('www-authenticate', 'Bearer');
      sendReply(reply, UNAUTHORIZED);
    });
    admin.post('/switch', (request, reply) => {
      target.switch(readSwitch(request));
      sendReply(reply, { status: 200, body: target.state() });
    });
    admin.put('/faults', (request, reply) => {
      target.setFaults(readJson(request));
      sendReply(reply, { status: 200, body: target.faults() });
    });
    admin.post('/sessions/expire', (request, reply) => {
      sendReply(reply, { status: 200, body: { expired: target.expireSessions(readStrategy(request)) } });
    });
    admin.post('/connections/kill', (_request, reply) => {
      sendReply(reply, { status: 200, body: { killed: target.killConnections() } });
    });
    admin.post('/suspend', (_request, reply) => {
      target.suspend();
      sendReply(reply, { status: 200, body: target.state() });
    });
    admin.post('/resume', (_request, reply) => {
      target.resume();
      sendReply(reply, { status: 200, body: target.state() });
    });
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
