import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ClusterSimError } from '../cluster-sim-error.js';
import { EXTENSIONS_HEADER } from '../extensions.js';
import { errorReply } from '../replies.js';

/** How long an idle connection is kept: longer than clients and proxies keep theirs, so that they close first. */
const KEEP_ALIVE_MS = 72_000;
/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 60_000;
/** How often a closing listener looks for connections that have become idle. */
const IDLE_CHECK_MS = 20;

/** What a listener serves and where. */
export interface ListenerOptions {
  /** What the port is for, for messages: `the nodes`, `node01`. */
  readonly purpose: string;
  readonly host: string;
  /** 0 takes a free port at the first start and keeps it for the later ones. */
  readonly port: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** False: new connections and requests are reset. */
  readonly isUp: () => boolean;
  /** Value of the header that advertises the extensions; undefined leaves it out. */
  readonly advertised: string | undefined;
}

/** One listening port, which can be closed and opened again. */
export class Listener {
  readonly #options: ListenerOptions;
  #server: Server | undefined;
  #port: number;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** The port, known once `open` has returned for the first time. */
  get port(): number {
    return this.#port;
  }

  /** @throws ClusterSimError `PORT_IN_USE` or `LISTEN_FAILED`, naming port and remedy. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = this.#createServer();
    this.#server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(this.#port, this.#options.host, resolve);
      });
    } catch (cause) {
      this.#server = undefined;
      throw listenError(this.#options, this.#port, cause);
    }
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Takes no new connection, waits up to `graceMs` for running requests, then cuts off what is left. */
  async close(graceMs: number): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  }

  #createServer(): Server {
    const { handle, isUp, advertised } = this.#options;
    const server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => {
        if (!isUp()) {
          request.socket.resetAndDestroy();
          return;
        }
        // The body is read as JSON whatever its type, and Fastify would refuse a malformed one.
        request.headers['content-type'] = undefined;
        handle(request, response);
      },
    );
    server.on('connection', (socket: Socket) => {
      if (!isUp()) socket.resetAndDestroy();
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      answerMalformed(error, socket, advertised);
    });
    return server;
  }
}

/** What is not even HTTP is answered in the shape of all other errors. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Socket, advertised: string | undefined): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, text } = malformed(error.code);
  const { body, contentType } = errorReply(status, text);
  const header = advertised === undefined ? '' : `${EXTENSIONS_HEADER}: ${advertised}\r\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n`;
  socket.end(`${head}${header}connection: close\r\n\r\n${body.toString()}`);
}

function malformed(code: string | undefined): { status: number; text: string } {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, text: 'the request did not arrive in time' };
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, text: 'the request headers are larger than 16 KiB' };
  return { status: 400, text: 'the request is not valid HTTP/1.1' };
}

function listenError(options: ListenerOptions, port: number, cause: unknown): ClusterSimError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const where = `port ${port} on ${options.host} for ${options.purpose}`;
  if (code !== 'EADDRINUSE') {
    return new ClusterSimError('LISTEN_FAILED', `cannot listen on ${where}: ${code}`, { cause });
  }
  return new ClusterSimError(
    'PORT_IN_USE',
    `${where} is taken by another process; stop it, or choose another port with --port or CLUSTER_PORT (0 takes a free one)`,
    { cause },
  );
}
