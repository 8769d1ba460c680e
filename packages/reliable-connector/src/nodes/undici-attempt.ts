import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.js';
import { abortCause, onAbort } from '../on-abort.js';
import type { NodeReply, NodeRequest, SendOptions } from './transport.js';

type Controller = Dispatcher.DispatchController;
type ReplyHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** The part of a lane that an attempt needs. */
export interface AttemptLane {
  readonly clock: Clock;
  /** Largest body in bytes. */
  readonly replyBytes: number;
  /** The attempt has ended while it waited in the lane's own queue. */
  forget(attempt: UndiciAttempt): void;
  /** undici is done with the attempt: its place in flight is free. */
  release(): void;
}

/**
 * One request on its way: in the lane's queue, then with undici (which may still have to connect), then on a socket.
 * The line between `not_sent` and `silent` is `onRequestStart`: undici calls it when it has a connected socket, in the
 * same turn in which it writes the whole request. What fails before has not been sent, whatever the error looks like
 * after it; what fails after may have arrived, even if the error has the code of a failure to connect.
 *
 * The bounds of queue and attempt share one timer, which is nearly always cancelled: when it fires early it is set
 * again to the rest.
 */
export class UndiciAttempt implements Dispatcher.DispatchHandler {
  readonly request: NodeRequest;
  /** With undici; before, it can simply be forgotten. */
  dispatched = false;
  readonly #lane: AttemptLane;
  readonly #options: SendOptions;
  #resolve: ((reply: NodeReply) => void) | null;
  #cancelTimer: () => void;
  readonly #unlink: () => void;
  /** Monotonic ms at which the running bound ends. */
  #dueAt: number;
  /** Monotonic ms of the send; null before it. */
  #sentAt: number | null = null;
  /** The bound of the attempt is over, and sockets have been given one more turn. */
  #lookedAgain = false;
  #controller: Controller | null = null;
  #status = 0;
  #headers: NodeReplyHeaders = {};
  #body: Buffer | null = null;
  #more: Buffer[] | null = null;
  #bytes = 0;

  constructor(lane: AttemptLane, request: NodeRequest, o: SendOptions, resolve: (reply: NodeReply) => void) {
    this.#lane = lane;
    this.request = request;
    this.#options = o;
    this.#resolve = resolve;
    this.#dueAt = lane.clock.monotonic() + o.queueMs;
    this.#cancelTimer = lane.clock.schedule(Math.min(o.queueMs, o.timeoutMs), this.#onTimer);
    const { signal } = o;
    this.#unlink = signal === undefined ? nothing : onAbort(signal, () => this.fail(abortCause(signal)));
  }

  get settled(): boolean {
    return this.#resolve === null;
  }

  /** Ends the attempt now, as `not_sent` or `silent` by where it is. */
  fail(cause: Error): void {
    if (this.settled) return;
    const sentAt = this.#sentAt;
    this.#settle(sentAt === null ? { kind: 'not_sent', cause } : { kind: 'silent', cause, sentAt });
    if (!this.dispatched) this.#lane.forget(this);
    else this.#controller?.abort(cause);
  }

  onRequestStart(controller: Controller): void {
    // Throwing makes undici drop the request before it writes a byte, and keeps the socket for another. Nothing is
    // ever written twice, not even if undici should come to repeat a request by itself: scenario 29.
    if (this.settled || this.#sentAt !== null) throw new Error('this request is not to be sent (again)');
    this.#controller = controller;
    this.#sentAt = this.#lane.clock.monotonic();
    this.#dueAt = Math.min(
      this.#sentAt + this.#options.timeoutMs,
      this.#options.endsAt ?? Number.POSITIVE_INFINITY,
    );
  }

  onResponseStart(_controller: Controller, status: number, headers: ReplyHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = joined(headers);
    if (Number(headers['content-length']) > this.#lane.replyBytes) this.#tooLarge();
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#lane.replyBytes) this.#tooLarge();
    else if (this.#body === null) this.#body = chunk;
    else if (this.#more === null) this.#more = [this.#body, chunk];
    else this.#more.push(chunk);
  }

  onResponseEnd(): void {
    const sentAt = this.#sentAt;
    if (!this.settled && sentAt !== null) {
      const body = this.#more === null ? this.#body : Buffer.concat(this.#more);
      this.#settle({
        kind: 'reply',
        status: this.#status,
        headers: this.#headers,
        body: body === null ? '' : body.toString('utf8'),
        sentAt,
      });
    }
    this.#lane.release();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    const sentAt = this.#sentAt;
    if (!this.settled)
      this.#settle(
        sentAt === null ? { kind: 'not_sent', cause: error } : { kind: 'silent', cause: error, sentAt },
      );
    this.#lane.release();
  }

  /** The timer has fired, perhaps before the bound that runs now. */
  readonly #onTimer = (): void => {
    const { queueMs, timeoutMs } = this.#options;
    const leftMs = this.#dueAt - this.#lane.clock.monotonic();
    if (leftMs > 0) {
      // Not the whole rest of a wait in the queue: the send may come soon and end the attempt before it.
      this.#cancelTimer = this.#lane.clock.schedule(Math.min(leftMs, timeoutMs), this.#onTimer);
    } else if (this.#sentAt === null) {
      this.fail(new Error(`not sent within ${queueMs} ms: the node's queue is full or it cannot be reached`));
    } else if (!this.#lookedAgain) {
      // After a halt of this process timers come before sockets: a reply may lie ready, and silence is dear.
      this.#lookedAgain = true;
      this.#cancelTimer = this.#lane.clock.schedule(0, this.#onTimer);
    } else {
      this.fail(
        new Error(`no whole reply within ${timeoutMs} ms of the send; attemptTimeoutMs sets the bound`),
      );
    }
  };

  #tooLarge(): void {
    const limit = this.#lane.replyBytes;
    this.fail(new Error(`the reply is larger than ${limit} bytes; limits.replyBytes raises the limit`));
  }

  #settle(reply: NodeReply): void {
    this.#cancelTimer();
    this.#unlink();
    this.#resolve?.(reply);
    this.#resolve = null;
    this.#body = null;
    this.#more = null;
  }
}

const nothing = (): void => {};

type NodeReplyHeaders = Extract<NodeReply, { kind: 'reply' }>['headers'];

/** Names are in lower case already; only a repeated header is a list. */
function joined(headers: ReplyHeaders): NodeReplyHeaders {
  const result: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    result[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}
