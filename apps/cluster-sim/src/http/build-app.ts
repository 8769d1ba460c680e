import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { EXTENSIONS_HEADER } from '../extensions.js';
import type { Logger } from '../logger.js';
import { errorReply, INTERNAL_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND, type NodeReply } from '../replies.js';
import { sendReply } from './send-reply.js';

/** Settings of the web framework. */
export interface BuildAppOptions {
  readonly maxBodyBytes: number;
  readonly maxIdBytes: number;
  /** Value of the header that advertises the extensions; undefined leaves it out. */
  readonly advertised: string | undefined;
  readonly logger: Logger;
}

/** Methods that the origin's paths do not know. */
const OTHER_METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;

/** The paths of the origin and their methods; any other method gets 405 there. */
const ORIGIN_PATHS: readonly { readonly path: string; readonly allowed: readonly string[] }[] = [
  { path: '/group', allowed: ['POST', 'DELETE'] },
  { path: '/group/:id', allowed: ['GET'] },
  { path: '/stats', allowed: ['GET'] },
  { path: '/ping', allowed: ['GET'] },
  { path: '/ping/', allowed: ['GET'] },
];

/**
 * The web framework without routes: bodies stay bytes, since the handlers read them as JSON whatever their content
 * type; every error has the origin's shape; every reply advertises the extensions (4.7).
 */
export function buildApp(options: BuildAppOptions): FastifyInstance {
  const { advertised, logger } = options;
  const app = Fastify({
    bodyLimit: options.maxBodyBytes,
    // A percent-encoded byte takes three characters; the limit on ids proper answers with a message of its own.
    routerOptions: { maxParamLength: options.maxIdBytes * 3 + 1 },
    frameworkErrors: (error, _request, reply) => {
      if (advertised !== undefined) reply.header(EXTENSIONS_HEADER, advertised);
      sendReply(reply, replyToError(error, options));
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  if (advertised !== undefined) {
    app.addHook('onRequest', (_request, reply, next) => {
      reply.header(EXTENSIONS_HEADER, advertised);
      next();
    });
  }
  app.setNotFoundHandler((_request, reply) => sendReply(reply, NOT_FOUND));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = replyToError(error, options);
    if (answer === INTERNAL_ERROR) logger.error({ err: error, url: request.url }, 'a request failed');
    sendReply(reply, answer);
  });
  for (const { path, allowed } of ORIGIN_PATHS) {
    for (const prefix of ['', '/v1']) {
      app.route({
        method: OTHER_METHODS.filter((method) => !allowed.includes(method)),
        url: `${prefix}${path}`,
        handler: (_request, reply) => {
          reply.header('allow', allowed.join(', '));
          sendReply(reply, METHOD_NOT_ALLOWED);
        },
      });
    }
  }
  return app;
}

/** Errors of the framework itself: a body that is too large or does not arrive whole, a path that cannot be decoded. */
function replyToError(error: FastifyError, limits: BuildAppOptions): NodeReply {
  if (error.statusCode === 413) {
    return errorReply(413, `the body is larger than ${limits.maxBodyBytes} bytes`);
  }
  if (error.statusCode === undefined || error.statusCode >= 500) return INTERNAL_ERROR;
  return errorReply(error.statusCode, error.message);
}
