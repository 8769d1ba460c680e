import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, systemClock } from '../clock.js';
import type { Both, Colour } from '../colour.js';
import { EngineMockError } from '../engine-mock-error.js';
import type { FaultDice } from '../faults/fault-dice.js';
import { callNameOf } from '../rpc-names.js';
import { answerBare, answerMismatchAsGrpc, answerStatus, MISMATCH_STATUS } from './answers.js';
import { CONNECTION_WINDOW, MAX_SESSION_MEMORY_MB, STREAM_WINDOW } from './http2-limits.js';
import { ProxiedCall } from './proxied-call.js';
import { decideRoute, type RoutingRules } from './route.js';
import type { Upstream } from './upstream.js';

/**
 * Streams that a client may cancel at once and per second. Node's own bounds, about 1,000 and 33, cut off a client that
 * tests cancelling; Node 20 keeps to them all the same.
 */
const RESET_BURST = 100_000;

/** Certificate and key in PEM; with `clientCa`, clients need a certificate that it has signed. */
export interface TlsOptions {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  readonly clientCa?: string | Buffer | undefined;
}

export interface RouterOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions | undefined;
  readonly rules: RoutingRules;
  readonly upstreams: Both<Upstream>;
  readonly dice: FaultDice;
  /** How 456 is said: as a bare HTTP status, or as a gRPC status. */
  readonly mismatchForm: 'http' | 'grpc';
  readonly clock: Clock;
  readonly called: (rpc: string, colour: Colour) => void;
  readonly mismatched: (rpc: string, colour: Colour | undefined) => void;
}

/** What becomes of the calls that are under way when their connection is cut. */
export interface KillOptions {
  /**
   * `drop`: what has not been carried out yet is not carried out; `finish`: it is, though nobody hears of it
   * (default `drop`).
   */
  readonly inFlight?: 'drop' | 'finish' | undefined;
}

/** The HTTP/2 server in front of both deployments. */
export class Router {
  readonly #options: RouterOptions;
  readonly #server: Http2Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Calls under way. */
  readonly #calls = new Set<ProxiedCall>();
  #opened = 0;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#server = this.#createServer();
  }

  /** Connections that clients have now. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Connections that clients have made. */
  get connectionsOpened(): number {
    return this.#opened;
  }

  /** The port once it listens. @throws EngineMockError `PORT_IN_USE` or `LISTEN_FAILED`, naming port and remedy. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      // Once it listens, a rejection is without effect, and an error of the server none of the engine's.
      this.#server.on('error', (cause) => reject(listenError(host, port, cause)));
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets the connections of all clients; how many there were. */
  killConnections({ inFlight = 'drop' }: KillOptions = {}): number {
    const { size } = this.#sockets;
    if (inFlight === 'finish') for (const call of this.#calls) call.finishWithoutClient();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return size;
  }

  /** Takes nothing new, waits up to `graceMs` for what is under way, then cuts it off. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    // The host's clock: a close has to end even where the engine's time stands still.
    const cancel = systemClock.schedule(graceMs, () => this.#cutOff());
    await closed;
    cancel();
    for (const call of [...this.#calls]) call.abandon();
  }

  #cutOff(): void {
    for (const call of [...this.#calls]) call.abandon();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #createServer(): Http2Server {
    const settings = { initialWindowSize: STREAM_WINDOW };
    const limits = { settings, maxSessionMemory: MAX_SESSION_MEMORY_MB };
    const { tls } = this.#options;
    const resets = { streamResetBurst: RESET_BURST, streamResetRate: RESET_BURST };
    const server: Http2Server =
      tls === undefined
        ? createServer({ ...limits, ...resets })
        : createSecureServer({
            ...limits,
            ...resets,
            cert: tls.cert,
            key: tls.key,
            ...(tls.clientCa === undefined
              ? {}
              : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
          });
    server.on('connection', (socket: Socket) => {
      this.#opened += 1;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.setLocalWindowSize(CONNECTION_WINDOW);
      // A connection that breaks is told by the end of its streams.
      session.on('error', () => {});
      session.once('close', () => this.#sessions.delete(session));
    });
    server.on('stream', (stream, headers) => this.#route(stream, headers));
    return server;
  }

  #route(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { rules, dice, mismatchForm, called, mismatched, upstreams } = this.#options;
    stream.on('error', () => {});
    const name = callNameOf(String(headers[':path']));
    const route = decideRoute(rules, name, headers);
    switch (route.to) {
      case 'suspended':
        answerBare(stream, 503);
        break;
      case 'mismatch':
        mismatched(name.rpc, route.colour);
        if (mismatchForm === 'grpc') answerMismatchAsGrpc(stream);
        else answerBare(stream, MISMATCH_STATUS);
        break;
      case 'refused':
        answerStatus(stream, route.code, route.message);
        break;
      case 'deployment':
        if (name.service === 'engine') called(name.rpc, route.colour);
        this.#forward({
          stream,
          headers,
          upstream: upstreams[route.colour],
          fate: dice.roll(name.rpc, name.service === 'engine' ? route.colour : undefined),
        });
        break;
    }
  }

  #forward(
    o: Pick<ConstructorParameters<typeof ProxiedCall>[0], 'stream' | 'headers' | 'upstream' | 'fate'>,
  ): void {
    // A stream that is closed no longer knows its session.
    const { session } = o.stream;
    const call: ProxiedCall = new ProxiedCall({
      ...o,
      clock: this.#options.clock,
      killConnection: () => this.#kill(session),
      done: () => this.#calls.delete(call),
    });
    this.#calls.add(call);
    call.start();
  }

  #kill(session: Http2Session | undefined): void {
    if (session === undefined || session.destroyed) return;
    const { remotePort, remoteAddress } = session.socket;
    for (const socket of this.#sockets) {
      if (socket.remotePort === remotePort && socket.remoteAddress === remoteAddress)
        socket.resetAndDestroy();
    }
  }
}

function listenError(host: string, port: number, cause: Error): EngineMockError {
  const code = 'code' in cause ? String(cause.code) : 'unknown error';
  const where = `port ${port} on ${host} for gRPC`;
  if (code !== 'EADDRINUSE') {
    return new EngineMockError('LISTEN_FAILED', `cannot listen on ${where}: ${code}`, { cause });
  }
  return new EngineMockError(
    'PORT_IN_USE',
    `${where} is taken by another process; stop it, or choose another port with --port or ENGINE_PORT (0 takes a free one)`,
    { cause },
  );
}
