import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** What the router does with a call instead of, or besides, handing it on. */
export type Verdict =
  | { readonly kind: 'pass'; readonly port: number }
  /** A bare HTTP status. */
  | { readonly kind: 'http'; readonly status: number }
  /** A gRPC status without a message. */
  | { readonly kind: 'grpc'; readonly code: number; readonly details: string }
  /** Reset before the backend has seen it. */
  | { readonly kind: 'reset' }
  /** The backend carries it out, and its reply is cut off after so many bytes of messages. */
  | { readonly kind: 'cut'; readonly port: number; readonly afterBytes: number }
  /** Nothing, ever. */
  | { readonly kind: 'hang' };

/** A small HTTP/2 proxy that looks at nothing but headers. */
export class Router {
  readonly #judge: (headers: IncomingHttpHeaders) => Verdict;
  readonly #server = createServer();
  readonly #clients = new Set<ServerHttp2Session>();
  readonly #backends = new Map<number, ClientHttp2Session>();
  port = 0;

  constructor(judge: (headers: IncomingHttpHeaders) => Verdict) {
    this.#judge = judge;
    this.#server.on('session', (session) => {
      this.#clients.add(session);
      session.on('close', () => this.#clients.delete(session));
      session.on('error', () => {});
    });
    this.#server.on('stream', (stream, headers) => this.#handle(stream, headers));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const session of this.#backends.values()) session.destroy();
    for (const session of this.#clients) session.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => {});
    const verdict = this.#judge(headers);
    if (verdict.kind === 'http') stream.respond({ ':status': verdict.status }, { endStream: true });
    else if (verdict.kind === 'grpc')
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': verdict.code,
          'grpc-message': verdict.details,
        },
        { endStream: true },
      );
    else if (verdict.kind === 'reset') stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else if (verdict.kind !== 'hang') this.#pass(stream, headers, verdict);
  }

  #pass(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    verdict: { readonly port: number; readonly afterBytes?: number },
  ): void {
    const request = this.#backend(verdict.port).request(headers);
    let trailers: IncomingHttpHeaders = {};
    let left = verdict.afterBytes ?? Infinity;
    const cut = (): void => stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.on('close', () => request.close(constants.NGHTTP2_CANCEL));
    request.on('error', () => stream.close(constants.NGHTTP2_CANCEL));
    request.on('trailers', (sent) => {
      trailers = sent;
    });
    request.on('response', (answer, flags) => {
      if (stream.closed) return;
      const isLast = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (left === 0) cut();
      else if (isLast) stream.respond(answer, { endStream: true });
      else stream.respond(answer, { waitForTrailers: true });
    });
    request.on('data', (bytes: Buffer) => {
      if (stream.closed || left <= 0) return;
      left -= bytes.length;
      if (!stream.write(bytes)) {
        request.pause();
        stream.once('drain', () => request.resume());
      }
      if (left <= 0) setImmediate(cut);
    });
    request.on('end', () => void (stream.closed || stream.end()));
    stream.pipe(request);
  }

  #backend(port: number): ClientHttp2Session {
    const known = this.#backends.get(port);
    if (known !== undefined && !known.destroyed && !known.closed) return known;
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', () => {});
    this.#backends.set(port, session);
    return session;
  }
}
