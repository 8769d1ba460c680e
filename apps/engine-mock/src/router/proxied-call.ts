import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Clock } from '../clock.js';
import type { Fate, Strike } from '../faults/fault-dice.js';
import { answerBare, answerStatus, reset } from './answers.js';
import type { Upstream } from './upstream.js';

/** How long a hang lasts that nobody ends. */
const DEFAULT_HANG_MS = 600_000;
const BAD_GATEWAY = 502;

/** The first headers of a deployment's answer. */
interface ResponseHead {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly flags: number;
}

export interface ProxiedCallOptions {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly upstream: Upstream;
  readonly fate: Fate;
  readonly clock: Clock;
  /** Resets the connection on which the call came. */
  readonly killConnection: () => void;
  /** The call is over, for the client and for the deployment. */
  readonly done: () => void;
}

/** One call on its way through the router, and what the faults do to it there. */
export class ProxiedCall {
  readonly #options: ProxiedCallOptions;
  readonly #stream: ServerHttp2Stream;
  #backend: ClientHttp2Stream | undefined;
  #trailers: IncomingHttpHeaders = {};
  #cancelWait: () => void = () => {};
  #finishes = false;
  #isWaiting = false;

  constructor(options: ProxiedCallOptions) {
    this.#options = options;
    this.#stream = options.stream;
  }

  start(): void {
    const { before, delayBeforeMs } = this.#options.fate;
    // A client that goes away is no error of the router's.
    this.#stream.on('error', () => {});
    this.#stream.once('close', () => this.#clientGone());
    if (before === undefined && delayBeforeMs === 0) {
      const backend = this.#forward();
      if (backend !== undefined) this.#stream.pipe(backend);
      return;
    }
    // The request is taken in while it waits, so that it can be carried out without its client.
    const request: Buffer[] = [];
    this.#stream.on('data', (chunk: Buffer) => request.push(chunk));
    this.#stream.once('end', () => {
      this.#after(delayBeforeMs, () => {
        if (before !== undefined) this.#strike(before);
        else this.#forward()?.end(Buffer.concat(request));
      });
    });
  }

  /** From now on the call is carried out even if its client is gone. */
  finishWithoutClient(): void {
    this.#finishes = true;
  }

  /** Gives the call up: the client sees a reset, the deployment a cancellation. */
  abandon(): void {
    this.#finishes = false;
    this.#cancelWait();
    this.#isWaiting = false;
    reset(this.#stream);
    this.#backend?.close(constants.NGHTTP2_CANCEL);
    this.#doneIfOver();
  }

  /** Opens the call to the deployment; undefined, and the client has its answer, where that cannot be. */
  #forward(): ClientHttp2Stream | undefined {
    let backend: ClientHttp2Stream;
    try {
      backend = this.#options.upstream.request(this.#options.headers);
    } catch {
      // Headers that may come in but not go out.
      answerBare(this.#stream, BAD_GATEWAY);
      return undefined;
    }
    this.#backend = backend;
    backend.once('response', (headers, flags) => this.#respond(backend, { headers, flags }));
    // They may come before the body is read, which a delay puts off.
    backend.once('trailers', (trailers) => {
      this.#trailers = trailers;
    });
    backend.on('error', () => {});
    backend.once('close', () => {
      // Without effect on a call that has its answer.
      if (!this.#stream.headersSent && !this.#isWaiting) this.#backendFailed(backend.rstCode);
      else if (backend.rstCode !== constants.NGHTTP2_NO_ERROR) reset(this.#stream, backend.rstCode);
      this.#doneIfOver();
    });
    return backend;
  }

  /** The deployment has done its work: a unary call has its answer when the first headers come. */
  #respond(backend: ClientHttp2Stream, head: ResponseHead): void {
    const { after, delayAfterMs } = this.#options.fate;
    this.#after(delayAfterMs, () => {
      if (after === undefined) this.#relay(backend, head);
      else {
        backend.resume();
        this.#strike(after);
      }
    });
  }

  #relay(backend: ClientHttp2Stream, { headers, flags }: ResponseHead): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) {
      backend.resume();
      return;
    }
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
      stream.respond(headers, { endStream: true });
      backend.resume();
      return;
    }
    stream.respond(headers, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(this.#trailers));
    backend.pipe(stream);
  }

  #strike(strike: Strike): void {
    const stream = this.#stream;
    switch (strike.kind) {
      case 'hang':
        this.#after(strike.maxMs ?? DEFAULT_HANG_MS, () => reset(stream));
        break;
      case 'reset':
        reset(stream);
        break;
      case 'kill':
        this.#options.killConnection();
        break;
      case 'status':
        answerStatus(stream, strike.code, strike.message ?? 'a fault of the engine mock');
        break;
      case 'http':
        answerBare(stream, strike.status);
        break;
    }
  }

  #backendFailed(code: number | undefined): void {
    if (code === undefined || code === constants.NGHTTP2_NO_ERROR) answerBare(this.#stream, BAD_GATEWAY);
    else reset(this.#stream, code);
  }

  #clientGone(): void {
    if (!this.#finishes) {
      this.#cancelWait();
      this.#isWaiting = false;
      this.#backend?.close(constants.NGHTTP2_CANCEL);
    }
    this.#doneIfOver();
  }

  /** Does `action` when the time is over, at once if there is none. */
  #after(delayMs: number, action: () => void): void {
    if (delayMs === 0) {
      action();
      return;
    }
    this.#isWaiting = true;
    this.#cancelWait = this.#options.clock.schedule(delayMs, () => {
      this.#isWaiting = false;
      action();
      this.#doneIfOver();
    });
  }

  #doneIfOver(): void {
    const isBackendOver = this.#backend === undefined || this.#backend.destroyed;
    if (this.#stream.destroyed && isBackendOver && !this.#isWaiting) this.#options.done();
  }
}
