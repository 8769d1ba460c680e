import type { Hints } from '../hints.js';
import type { SharedState } from '../open-store.js';
import type { StoreContext } from '../strategy-store.js';
import type { RedisClient } from './client.js';
import type { Dial } from './dial.js';
import { Entry } from './entry.js';
import { Link } from './link.js';
import type { ResolvedRedisStoreOptions } from './options.js';
import { Outage } from './outage.js';
import { Pacer } from './pacer.js';
import { PROVE } from './scripts/prove.js';
import { run } from './scripts/script.js';
import { Subscriber } from './subscriber.js';

export interface SessionOptions extends ResolvedRedisStoreOptions {
  readonly dial: Dial;
  /** That of the first store: its logger hears of outages. */
  readonly context: StoreContext;
  /** The last store is gone, and with it the connections. */
  readonly onClose: () => void;
}

/** How many keys ask Redis at the same time when it comes back. */
const KEYS_AT_ONCE = 256;

/** What all keys of a provider share while any store is open: two connections. */
export class Session {
  readonly #options: SessionOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #link: Link;
  readonly #subscriber: Subscriber;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { dial, context, timeoutMs, prefix } = options;
    const { address } = dial;
    const pacer = new Pacer(context.clock, context.random);
    this.#link = new Link({
      dial,
      context,
      pacer,
      timeoutMs,
      outage: new Outage(context, {
        address,
        begin: 'Redis is away; routing targets are kept in this process until it is back',
        end: 'Redis is back; routing targets are shared again',
      }),
      prove: (client) => run(client, PROVE, `${prefix}nothing`),
      onReady: (client, isReturn) => this.#onReady(client, isReturn),
    });
    this.#subscriber = new Subscriber({
      dial,
      context,
      pacer,
      timeoutMs,
      outage: new Outage(context, {
        address,
        begin: 'Redis takes no subscription; changes by other processes are heard of late',
        end: 'Redis takes subscriptions again',
      }),
      mayConnect: () => this.#link.isReady,
      onMessage: (channel, version) => this.#refresh(channel, version),
      onSubscribed: (channels) => {
        for (const channel of channels) this.#refresh(channel);
      },
    });
  }

  join(name: string, hints: Hints, context: StoreContext): SharedState {
    const key = `${this.#options.prefix}${name}`;
    const entry = this.#entries.get(key) ?? this.#createEntry(key, context);
    entry.stores.add(hints);
    return entry;
  }

  #createEntry(key: string, { logger }: StoreContext): Entry {
    const entry = new Entry({
      key,
      link: this.#link,
      logger,
      onListen: () => {
        this.#subscriber.want(key);
        // The first command connects, and what connects subscribes.
        this.#refresh(key);
      },
      onEmpty: () => this.#drop(key),
    });
    this.#entries.set(key, entry);
    return entry;
  }

  #drop(key: string): void {
    this.#entries.delete(key);
    this.#subscriber.unwant(key);
    if (this.#entries.size > 0) return;
    this.#subscriber.close();
    this.#link.close();
    this.#options.onClose();
  }

  #refresh(key: string, version?: string): void {
    // Only a missing library rejects: whoever reads hears of that.
    this.#entries
      .get(key)
      ?.refresh(version)
      .catch(() => {});
  }

  #onReady(client: RedisClient, isReturn: boolean): void {
    this.#subscriber.renew();
    // What fails ends the connection, and the next begins anew.
    this.#settleAll(client, isReturn).catch(() => {});
  }

  async #settleAll(client: RedisClient, isReturn: boolean): Promise<void> {
    const entries = [...this.#entries.values()];
    for (let at = 0; at < entries.length; at += KEYS_AT_ONCE) {
      const some = entries.slice(at, at + KEYS_AT_ONCE);
      await Promise.all(some.map((entry) => this.#link.use((current) => entry.settle(current))));
      if (!this.#link.isCurrent(client)) return;
      if (isReturn) for (const entry of some) entry.tell();
    }
  }
}
