import { Pool } from 'undici';
import type { Clock } from '../clock.js';
import { abortCause } from '../on-abort.js';
import type { NodeReply, NodeRequest, SendOptions } from './transport.js';
import { type AttemptLane, UndiciAttempt } from './undici-attempt.js';

/** Ms until a connection counts as failed. A caller's own bound is its `queueMs`. */
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * Ms after which an idle socket is closed by us, unless the node names a time itself. Short, because a request that
 * meets the node's own closing is `silent` and may cost a wait of Q; common servers close after 2 s or more.
 */
const IDLE_SOCKET_MS = 1_000;
/** Ms that a closing lane waits for replies that are under way. */
const CLOSE_GRACE_MS = 500;

export interface NodeLaneOptions {
  /** Requests in flight, and so sockets. */
  readonly maxInFlight: number;
  /** Largest body in bytes. */
  readonly replyBytes: number;
  /** PEM certificates to trust beside nothing else; undefined: those of the host. */
  readonly ca: string | undefined;
  readonly clock: Clock;
}

/**
 * The way to one node: an undici pool of its own, so that nodes behind one address do not share a limit, and before it
 * a queue of its own, because a request in undici's queue could not be withdrawn. A lane neither repeats nor redirects.
 * After an abort the request's socket is closed, but what it had sent may still arrive.
 */
export class NodeLane implements AttemptLane {
  readonly clock: Clock;
  readonly replyBytes: number;
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #maxInFlight: number;
  /** In the order of their arrival. */
  readonly #waiting = new Set<UndiciAttempt>();
  /** Handed to undici and not yet given back. */
  #inFlight = 0;
  #pumping = false;
  #closed: Promise<void> | null = null;
  #onIdle: (() => void) | null = null;

  constructor(url: string, o: NodeLaneOptions) {
    const { origin, pathname } = new URL(url);
    this.clock = o.clock;
    this.replyBytes = o.replyBytes;
    this.#maxInFlight = o.maxInFlight;
    this.#basePath = pathname.replace(/\/+$/, '');
    this.#pool = new Pool(origin, {
      connections: o.maxInFlight,
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_SOCKET_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(o.ca === undefined ? {} : { ca: o.ca }) },
    });
    // The pool drops a client that could not connect without closing it; left alone it would go on taking requests,
    // outside the limit and out of reach of `close`.
    this.#pool.on('connectionError', (_origin, targets, error) => {
      const client = targets.at(-1);
      if (client !== undefined && client !== this.#pool) client.destroy(error).catch(() => undefined);
    });
  }

  send(request: NodeRequest, options: SendOptions): Promise<NodeReply> {
    if (options.signal?.aborted) return notSent(abortCause(options.signal));
    if (this.#closed !== null) return notSent(closed());
    return new Promise((resolve) => {
      const attempt = new UndiciAttempt(this, request, options, resolve);
      if (this.#inFlight < this.#maxInFlight && this.#waiting.size === 0) this.#dispatch(attempt);
      else this.#waiting.add(attempt);
    });
  }

  /** Withdraws what waits, gives replies under way `CLOSE_GRACE_MS`, then drops every socket. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  forget(attempt: UndiciAttempt): void {
    this.#waiting.delete(attempt);
  }

  release(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#onIdle?.();
    if (this.#waiting.size === 0 || this.#pumping) return;
    // Not at once: this runs inside undici's parser, which must not be entered again.
    this.#pumping = true;
    queueMicrotask(this.#pump);
  }

  readonly #pump = (): void => {
    this.#pumping = false;
    for (const attempt of this.#waiting) {
      if (this.#inFlight >= this.#maxInFlight) return;
      this.#waiting.delete(attempt);
      this.#dispatch(attempt);
    }
  };

  #dispatch(attempt: UndiciAttempt): void {
    const { method, path, headers, body } = attempt.request;
    attempt.dispatched = true;
    this.#inFlight += 1;
    this.#pool.dispatch(
      {
        method,
        path: this.#basePath + path,
        headers,
        body: body ?? null,
        // Without it undici closes the socket after every DELETE that has a body.
        reset: false,
      },
      attempt,
    );
  }

  async #close(): Promise<void> {
    for (const attempt of this.#waiting) attempt.fail(closed());
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.clock.schedule(CLOSE_GRACE_MS, resolve);
        this.#onIdle = () => {
          cancel();
          resolve();
        };
      });
    }
    await this.#pool.destroy(closed());
  }
}

function notSent(cause: Error): Promise<NodeReply> {
  return Promise.resolve({ kind: 'not_sent', cause });
}

const closed = (): Error => new Error('the transport is closed; open another connector');
