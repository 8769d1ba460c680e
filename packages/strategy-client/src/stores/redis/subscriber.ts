import type { StoreContext } from '../strategy-store.js';
import type { RedisClient } from './client.js';
import { type Dial, discard, openClient } from './dial.js';
import { SILENCE_MS } from './link.js';
import type { Outage } from './outage.js';
import type { Pacer } from './pacer.js';
import { within } from './within.js';

export interface SubscriberOptions {
  readonly dial: Dial;
  readonly context: StoreContext;
  readonly pacer: Pacer;
  readonly outage: Outage;
  readonly timeoutMs: number;
  /** The connection for commands stands: there is no point in trying when it does not. */
  readonly mayConnect: () => boolean;
  readonly onMessage: (channel: string, message: string) => void;
  /** From now on messages of these come; what was said before was not heard. */
  readonly onSubscribed: (channels: readonly string[]) => void;
}

/**
 * The connection that hears. It is made when the first channel is wanted, and anew whenever the connection for commands
 * was: a failover may have left it at the wrong server.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #wanted = new Set<string>();
  #client: RedisClient | null = null;
  #isConnecting = false;
  /** How often the connection for commands was new. */
  #renewals = 0;
  #failures = 0;
  #cancelTimer: (() => void) | null = null;
  readonly #closing = new AbortController();

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  want(channel: string): void {
    if (this.#wanted.has(channel)) return;
    this.#wanted.add(channel);
    const client = this.#client;
    if (client) this.#subscribe(client, [channel]).catch((error) => this.#lose(client, error));
    else if (this.#failures === 0) this.#connect();
  }

  unwant(channel: string): void {
    if (!this.#wanted.delete(channel)) return;
    const client = this.#client;
    client?.unsubscribe(channel).catch((error) => this.#lose(client, error));
  }

  /** The connection for commands is new. */
  renew(): void {
    this.#renewals += 1;
    this.#drop();
    this.#failures = 0;
    this.#connect();
  }

  close(): void {
    this.#closing.abort();
    this.#wanted.clear();
    this.#drop();
  }

  #connect(): void {
    if (this.#isConnecting || this.#wanted.size === 0 || !this.#options.mayConnect()) return;
    this.#isConnecting = true;
    this.#open().then(
      () => {
        this.#isConnecting = false;
        this.#failures = 0;
        this.#options.outage.over();
      },
      (error) => {
        this.#isConnecting = false;
        this.#failed(error);
      },
    );
  }

  async #open(): Promise<void> {
    const { dial, context, timeoutMs, pacer, onMessage } = this.#options;
    const renewals = this.#renewals;
    const make = await dial.load();
    pacer.spend();
    const client = await openClient(make, {
      clock: context.clock,
      timeoutMs,
      closed: this.#closing.signal,
      prove: async () => {},
      onClose: (closed) => this.#lose(closed, new Error('the connection was closed')),
    });
    if (this.#closing.signal.aborted || renewals !== this.#renewals) {
      discard(client);
      throw new Error('the connection for commands was made anew meanwhile');
    }
    client.on('message', onMessage);
    this.#client = client;
    try {
      await this.#subscribe(client, [...this.#wanted]);
    } catch (error) {
      this.#drop();
      throw error;
    }
    this.#watch(client);
  }

  async #subscribe(client: RedisClient, channels: readonly string[]): Promise<void> {
    if (channels.length > 0) await this.#bounded(client.subscribe(...channels));
    this.#options.onSubscribed(channels);
  }

  #bounded(answer: Promise<unknown>): Promise<unknown> {
    return within(this.#options.context.clock, this.#options.timeoutMs, answer);
  }

  #lose(client: RedisClient, error: unknown): void {
    if (client !== this.#client) return;
    this.#drop();
    if (!this.#isConnecting) this.#failed(error);
  }

  /** Where the connection for commands is gone as well, its outage is the one to report, and its return is waited for. */
  #failed(error: unknown): void {
    const { context, pacer, mayConnect, outage } = this.#options;
    if (this.#closing.signal.aborted || !mayConnect()) return;
    this.#failures += 1;
    // The first may be an outage that the connection for commands has not noticed yet.
    if (this.#failures > 1) outage.report(error);
    this.#cancelTimer = context.clock.schedule(pacer.delayMs(this.#failures), () => this.#connect());
  }

  #watch(client: RedisClient): void {
    this.#cancelTimer = this.#options.context.clock.schedule(SILENCE_MS, () => {
      this.#bounded(client.ping()).then(
        () => {
          if (client === this.#client) this.#watch(client);
        },
        (error) => this.#lose(client, error),
      );
    });
  }

  #drop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const client = this.#client;
    this.#client = null;
    if (client) discard(client);
  }
}
