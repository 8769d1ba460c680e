import type { Clock } from '../../clock.js';
import type { RedisClient } from './ioredis.js';
import type { Name } from './names.js';
import { type Dialler, discard, openClient } from './open-client.js';
import type { Pacer } from './pacer.js';
import { connectionError, stoppedError } from './redis-error.js';
import { within } from './within.js';

export interface SubscriberOptions {
  readonly dialler: Dialler;
  readonly pacer: Pacer;
  /** Bound of a connection attempt and of a change of the subscriptions. */
  readonly timeoutMs: number;
  /** The connection for commands stands: there is no point in trying when it does not. */
  readonly mayConnect: () => boolean;
  readonly onMessage: (channel: Buffer, message: Buffer) => void;
  /** Messages may have been lost until now. */
  readonly onGap: () => void;
}

/** How often a subscription that says nothing is probed: a half-open one would be silent for ever. */
const PROBE_MS = 10_000;

/**
 * The one connection of a coordinator that hears. It is made with the first subscription, and made again when the
 * connection for commands was: a failover may have left it at the wrong server. It has no backoff of its own.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #clock: Clock;
  /** By their bytes; null before the first. */
  #wanted: Map<string, Name> | null = null;
  #subscribed = new Map<string, Name>();
  #client: RedisClient | null = null;
  /** Changes run one after the other. */
  #last: Promise<void> = Promise.resolve();
  #cancelRetry: (() => void) | null = null;
  #cancelProbe: (() => void) | null = null;
  #failures = 0;
  #lastError: unknown;
  #closed = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#clock = options.dialler.clock;
  }

  /**
   * Replaces the channels. Rejects with `ConnectionError`; it goes on trying then, at its own pace: until an attempt of
   * its own succeeds, each further call rejects at once, however often it comes.
   */
  subscribe(channels: readonly Name[]): Promise<void> {
    if (this.#closed) return Promise.reject(stoppedError('listen'));
    this.#wanted = new Map(channels.map((name) => [keyOf(name), name]));
    return this.#queue(() => this.#sync({ isPaced: false }));
  }

  /** The connection for commands is new. */
  renew(): void {
    if (!this.#wanted) {
      this.#options.onGap();
      return;
    }
    this.#failures = 0;
    this.#drop();
    this.#inBackground();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #queue(step: () => Promise<void>): Promise<void> {
    const run = this.#last.then(step);
    // Its caller hears of a failure; the next step does not depend on it.
    this.#last = run.catch(() => {});
    return run;
  }

  #inBackground(): void {
    this.#queue(() => this.#sync({ isPaced: true })).catch(() => {});
  }

  /** Nothing has gone wrong of which the next attempt is still to come. */
  get #isAtRest(): boolean {
    return this.#failures === 0 && this.#cancelRetry === null;
  }

  /** `isPaced`: it is time for an attempt, should there be no connection. */
  async #sync({ isPaced }: { readonly isPaced: boolean }): Promise<void> {
    if (this.#closed) throw stoppedError('listen');
    if (!this.#wanted) return;
    if (!this.#client && !isPaced && !this.#isAtRest)
      throw connectionError('no subscription at Redis yet; it is tried again', this.#lastError);
    try {
      if (this.#client) await this.#change(this.#client, this.#wanted);
      else await this.#connect();
      this.#failures = 0;
    } catch (cause) {
      this.#failures += 1;
      this.#lastError = cause;
      this.#drop();
      this.#retry();
      throw connectionError('no subscription at Redis', cause);
    }
  }

  async #connect(): Promise<void> {
    const { dialler, pacer, timeoutMs, onMessage, onGap } = this.#options;
    pacer.spend();
    const client = await openClient(dialler, {
      timeoutMs,
      onInfo: null,
      onEnd: (ended) => this.#onEnd(ended),
    });
    if (this.#closed || client.status !== 'ready') {
      discard(client);
      if (this.#closed) return;
      throw new Error('the connection broke at once');
    }
    this.#client = client;
    this.#subscribed = new Map();
    client.on('messageBuffer', onMessage);
    await this.#change(client, this.#wanted ?? new Map());
    onGap();
    this.#probe(client);
  }

  async #change(client: RedisClient, wanted: ReadonlyMap<string, Name>): Promise<void> {
    const added = [...wanted].filter(([key]) => !this.#subscribed.has(key));
    const removed = [...this.#subscribed].filter(([key]) => !wanted.has(key));
    this.#subscribed = new Map(wanted);
    const steps: Promise<unknown>[] = [];
    if (added.length > 0) steps.push(client.subscribe(...added.map(([, name]) => name)));
    if (removed.length > 0) steps.push(client.unsubscribe(...removed.map(([, name]) => name)));
    await this.#bounded(Promise.all(steps));
  }

  #bounded<T>(promise: Promise<T>): Promise<T> {
    const { timeoutMs } = this.#options;
    return within(
      this.#clock,
      timeoutMs,
      promise,
      () => new Error(`the server was silent for ${timeoutMs} ms`),
    );
  }

  #onEnd(client: RedisClient): void {
    if (client !== this.#client) return;
    this.#drop();
    this.#retry();
  }

  /** When the connection for commands is gone too, its return is waited for. */
  #retry(): void {
    if (this.#closed || this.#cancelRetry || !this.#options.mayConnect()) return;
    this.#cancelRetry = this.#clock.schedule(this.#options.pacer.delayMs(this.#failures), () => {
      this.#cancelRetry = null;
      if (this.#options.mayConnect()) this.#inBackground();
    });
  }

  #probe(client: RedisClient): void {
    this.#cancelProbe = this.#clock.schedule(PROBE_MS, () => {
      this.#bounded(client.ping()).then(
        () => {
          if (client === this.#client) this.#probe(client);
        },
        () => this.#onEnd(client),
      );
    });
  }

  #drop(): void {
    this.#cancelProbe?.();
    this.#cancelRetry?.();
    this.#cancelProbe = null;
    this.#cancelRetry = null;
    const client = this.#client;
    this.#client = null;
    if (client) discard(client);
  }
}

const keyOf = (name: Name): string => (typeof name === 'string' ? name : name.toString('latin1'));
