import type { Clock } from '../../clock.js';
import { ConnectionError, type CoordinationError, OperationTimedOut } from '../../errors.js';
import type { Logger } from '../../logger.js';
import type { RedisClient } from './ioredis.js';
import { type Dialler, discard, openClient } from './open-client.js';
import type { Pacer } from './pacer.js';
import { type Command, type PendingCall, PendingCalls, type Sweep } from './pending-calls.js';
import {
  connectionError,
  isMissingScript,
  isReply,
  isUnfit,
  replyError,
  stoppedError,
} from './redis-error.js';
import { Seldom } from './seldom.js';
import type { ServerInfo } from './server-info.js';

export interface ConnectionOptions {
  readonly dialler: Dialler;
  readonly pacer: Pacer;
  readonly logger: Logger;
  /** Bound of one operation, and of the first connection attempt. */
  readonly timeoutMs: number;
  /** How long the server may be silent while it owes an answer before the connection is replaced. */
  readonly patienceMs: number;
  /** A connection has been made again after one was lost. */
  readonly onReconnect: () => void;
}

/**
 * The connection for commands. A call is answered, or rejected within `timeoutMs`, whatever the server and the network
 * do. Calls under way when a connection breaks or falls silent are sent again on the next, in their order: they name their
 * own token or member, so that a second execution does no harm. Those for which it would (`Command.once`) are rejected
 * instead, and may have taken effect. It keeps trying to connect until it is closed.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #calls: PendingCalls;
  #client: RedisClient | null = null;
  #corked: RedisClient | null = null;
  #failures = 0;
  #lastError: unknown;
  #cancelRetry: (() => void) | null = null;
  readonly #losses: Seldom;
  readonly #outages: Seldom;
  /** The log knows of the outage of now. */
  #isReported = false;
  /** The last that the log was told of. */
  #evictionPolicy: string | undefined;
  #closed = false;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#clock = options.dialler.clock;
    this.#losses = new Seldom(this.#clock);
    this.#outages = new Seldom(this.#clock);
    this.#calls = new PendingCalls(this.#clock, {
      patienceMs: options.patienceMs,
      onSweep: (sweep) => this.#onSweep(sweep),
    });
  }

  /** Rejects with `ConnectionError` when the first attempt fails; nothing stays behind then. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    connection.#adopt(await connection.#attempt(options.timeoutMs));
    return connection;
  }

  get isReady(): boolean {
    return this.#client !== null;
  }

  call<T>(command: Command<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw stoppedError(command.script.name);
      const now = this.#clock.monotonic();
      const call: PendingCall = {
        command,
        answer: (reply) => resolve(command.decode(reply, call.sends > 1)),
        reject,
        dueAt: now + this.#options.timeoutMs,
        sentAt: null,
        sends: 0,
        repliesBefore: 0,
      };
      if (this.#client) this.#send(call, this.#client, now);
      this.#calls.add(call);
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    const client = this.#client;
    this.#client = null;
    if (client) discard(client);
    for (const call of this.#calls.clear()) call.reject(stoppedError(call.command.script.name));
  }

  #send(call: PendingCall, client: RedisClient, now: number): void {
    this.#calls.sent(call, now);
    if (this.#calls.size > 0) this.#cork(client);
    const { script, keys, args, binary } = call.command;
    const sent = binary
      ? client.callBuffer('EVALSHA', script.sha, keys, ...args)
      : client.evalsha(script.sha, keys, ...args);
    this.#await(call, client, sent);
  }

  /** With many callers the writes cost more than the scripts: what is sent in one turn of the loop goes out in one. */
  #cork(client: RedisClient): void {
    const { stream } = client;
    if (this.#corked === client || !stream) return;
    this.#corked = client;
    stream.cork();
    process.nextTick(() => {
      this.#corked = null;
      stream.uncork();
    });
  }

  #await(call: PendingCall, client: RedisClient, sent: Promise<unknown>): void {
    sent.then(
      (reply) => this.#onReply(call, reply),
      (error) => this.#onError(call, client, error),
    );
  }

  #onReply(call: PendingCall, reply: unknown): void {
    if (!this.#calls.settle(call)) return;
    try {
      call.answer(reply);
    } catch (error) {
      call.reject(error);
    }
  }

  #onError(call: PendingCall, client: RedisClient, error: unknown): void {
    // Not an answer: the connection is going, and `end` sees to what was under way.
    if (!isReply(error)) {
      this.#lastError = error;
      return;
    }
    if (client === this.#client && isMissingScript(error)) {
      const { script, keys, args, binary } = call.command;
      this.#calls.sentAnew(call, this.#clock.monotonic());
      this.#await(
        call,
        client,
        binary
          ? client.callBuffer('EVAL', script.lua, keys, ...args)
          : client.eval(script.lua, keys, ...args),
      );
    } else if (isUnfit(error)) {
      this.#lastError = error;
      this.#lose(client);
    } else if (this.#calls.settle(call)) call.reject(replyError(call.command.script.name, error));
  }

  #onSweep({ expired, silent }: Sweep): void {
    for (const call of expired) call.reject(this.#expiry(call));
    const client = this.#client;
    if (!silent || !client) return;
    this.#lastError = new Error(`the server was silent for ${this.#options.patienceMs} ms`);
    this.#lose(client);
  }

  #expiry(call: PendingCall): CoordinationError {
    const { name } = call.command.script;
    const { timeoutMs, dialler } = this.#options;
    if (call.sentAt !== null) return new OperationTimedOut(name, timeoutMs);
    const fate = call.sends > 0 ? 'it may have taken effect' : 'it was not sent';
    return connectionError(
      `${name}: no connection to Redis at ${dialler.address} for ${timeoutMs} ms; ${fate}`,
      this.#lastError,
    );
  }

  /** Ends a client's time, if it is the one in use, and looks for another. */
  #lose(client: RedisClient): void {
    if (client !== this.#client) return;
    this.#client = null;
    discard(client);
    for (const call of this.#calls.unsend()) {
      const what = `${call.command.script.name}: the connection broke before the answer; it may have taken effect`;
      call.reject(connectionError(what, this.#lastError));
    }
    const { logger, dialler } = this.#options;
    if (this.#losses.isDue()) {
      this.#isReported = true;
      logger.warn({ address: dialler.address }, 'the connection to Redis was lost; it is made again');
    }
    this.#retry();
  }

  #attempt(timeoutMs: number): Promise<RedisClient> {
    const { dialler, pacer } = this.#options;
    pacer.spend();
    return openClient(dialler, {
      timeoutMs,
      onInfo: (info) => this.#onInfo(info),
      onEnd: (client) => this.#lose(client),
    });
  }

  #onInfo({ evictionPolicy }: ServerInfo): void {
    if (evictionPolicy === this.#evictionPolicy) return;
    this.#evictionPolicy = evictionPolicy;
    if (evictionPolicy === undefined || evictionPolicy === 'noeviction') return;
    const { logger, dialler } = this.#options;
    logger.warn(
      { address: dialler.address, evictionPolicy },
      'this Redis evicts keys when its memory is full, locks and members among them; give it maxmemory-policy noeviction',
    );
  }

  #adopt(client: RedisClient): void {
    if (this.#closed) {
      discard(client);
      return;
    }
    // It may have ended between its answer and now.
    if (client.status !== 'ready') throw new ConnectionError('the connection broke at once');
    this.#client = client;
    const now = this.#clock.monotonic();
    for (const call of this.#calls.unsent()) this.#send(call, client, now);
  }

  #retry(): void {
    if (this.#closed) return;
    this.#cancelRetry = this.#clock.schedule(this.#options.pacer.delayMs(this.#failures), () => {
      this.#cancelRetry = null;
      void this.#reconnect();
    });
  }

  async #reconnect(): Promise<void> {
    const { logger, dialler, patienceMs } = this.#options;
    try {
      this.#adopt(await this.#attempt(patienceMs));
    } catch (error) {
      this.#failures += 1;
      this.#lastError = error;
      if (this.#outages.isDue()) {
        this.#isReported = true;
        logger.warn({ err: error, address: dialler.address }, 'Redis cannot be reached; it is tried again');
      }
      this.#retry();
      return;
    }
    if (this.#closed) return;
    this.#failures = 0;
    if (this.#isReported) logger.info({ address: dialler.address }, 'connected to Redis again');
    this.#isReported = false;
    this.#options.onReconnect();
  }
}
