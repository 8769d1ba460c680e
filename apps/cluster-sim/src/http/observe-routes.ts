import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.js';
import type { NodeDirectory } from '../node-directory.js';
import { jsonReply } from '../replies.js';
import { openApiDocument } from './openapi.js';
import { sendReply } from './send-reply.js';

/** What the routes show. */
export interface ObserveRoutesOptions {
  readonly metrics: Metrics;
  readonly directory: NodeDirectory;
  /** Advertised extensions, undefined for none. */
  readonly advertised: string | undefined;
}

/** `/healthz`, `/metrics`, and the API's description: `/openapi.json` and, to browse, `/docs`. */
export async function addObserveRoutes(app: FastifyInstance, options: ObserveRoutesOptions): Promise<void> {
  const { metrics, directory, advertised } = options;
  app.get('/healthz', (_request, reply) => {
    const nodes = Object.fromEntries(directory.all.map((node) => [node.name, node.isDown ? 'down' : 'up']));
    sendReply(reply, jsonReply(200, { status: 'ok', nodes, extensions: advertised?.split(', ') ?? [] }));
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.registry.metrics();
    return reply.header('content-type', metrics.registry.contentType).send(text);
  });
  app.get('/openapi.json', (_request, reply) => sendReply(reply, jsonReply(200, openApiDocument)));
  // The document is written by hand: a schema on the routes would also validate, and with other messages.
  // A test checks the document; as a literal its type would not fit that of OpenAPI, which knows no read-only lists.
  const document = openApiDocument as StaticDocumentSpec['document'];
  await app.register(swagger, { mode: 'static', specification: { document } });
  await app.register(swaggerUi, { routePrefix: '/docs' });
}
