import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { EngineMockError } from '../engine-mock-error.js';
import type { Logger } from '../logger.js';
import { addChangeRoutes, addShowRoutes } from './admin-routes.js';
import type { AdminTarget } from './admin-target.js';
import { type AdminReply, errorReply, INTERNAL_ERROR, NOT_FOUND, sendReply } from './replies.js';

/** Largest body in bytes. */
const MAX_BODY_BYTES = 65_536;

/** What the admin server serves and where. */
export interface AdminServerOptions {
  readonly target: AdminTarget;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Secret of everything that changes something. */
  readonly token: string;
  readonly logger: Logger;
}

/** The listening admin server. */
export interface AdminServer extends AsyncDisposable {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Cuts all connections. Repeating it is harmless. */
  close(): Promise<void>;
}

/** @throws EngineMockError `PORT_IN_USE` or `LISTEN_FAILED`, naming port and remedy. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { target, host, token } = options;
  const app = buildApp(options);
  addShowRoutes(app, target);
  await addChangeRoutes(app, target, token);
  try {
    await app.listen({ host, port: options.port });
  } catch (cause) {
    await app.close();
    throw listenError(options, cause);
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const close = (): Promise<void> => app.close().then(() => undefined);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The web framework: bodies stay bytes, read as JSON whatever their content type; errors have one shape. */
function buildApp({ logger }: AdminServerOptions): FastifyInstance {
  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler((_request, reply) => sendReply(reply, NOT_FOUND));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = replyToError(error);
    if (answer === INTERNAL_ERROR) logger.error({ err: error, url: request.url }, 'an admin request failed');
    sendReply(reply, answer);
  });
  return app;
}

function replyToError(error: FastifyError): AdminReply {
  const cause: unknown = error;
  if (cause instanceof EngineMockError) {
    return errorReply(cause.code === 'SWITCH_REFUSED' ? 409 : 400, cause.message);
  }
  if (error.statusCode === 413) return errorReply(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
  if (error.statusCode === undefined || error.statusCode >= 500) return INTERNAL_ERROR;
  return errorReply(error.statusCode, error.message);
}

function listenError({ host, port }: AdminServerOptions, cause: unknown): EngineMockError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const where = `port ${port} on ${host} for the admin`;
  if (code !== 'EADDRINUSE') {
    return new EngineMockError('LISTEN_FAILED', `cannot listen on ${where}: ${code}`, { cause });
  }
  return new EngineMockError(
    'PORT_IN_USE',
    `${where} is taken by another process; stop it, or choose another port with --admin-port or ENGINE_ADMIN_PORT (0 takes a free one)`,
    { cause },
  );
}
