import type { StoreContext } from '../strategy-store.js';
import type { RedisClient } from './client.js';
import { type Dial, discard, openClient } from './dial.js';
import type { Outage } from './outage.js';
import type { Pacer } from './pacer.js';
import { within } from './within.js';

export interface LinkOptions {
  readonly dial: Dial;
  readonly context: StoreContext;
  readonly pacer: Pacer;
  readonly outage: Outage;
  readonly timeoutMs: number;
  /** What a connection must be able to do to count. */
  readonly prove: (client: RedisClient) => Promise<unknown>;
  /** A connection stands; `isReturn`: commands were refused before. */
  readonly onReady: (client: RedisClient, isReturn: boolean) => void;
}

/** How long a connection may be silent before it is asked whether it lives, ms. */
export const SILENCE_MS = 10_000;

/** Redis does not answer now; the caller goes on without it. */
export class Away extends Error {
  override readonly name = 'Away';
}

type State =
  | { readonly is: 'idle' | 'away' | 'closed' }
  | { readonly is: 'opening'; readonly client: Promise<RedisClient> }
  | { readonly is: 'ready'; readonly client: RedisClient };

/**
 * The connection for commands, made when the first is sent. A command that fails in any way, or takes longer than
 * `timeoutMs`, ends the connection and all that is under way on it with `Away`; from then on commands are refused at once,
 * and attempts in the background look for a server that works.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #underWay = new Set<() => void>();
  readonly #closing = new AbortController();
  #state: State = { is: 'idle' };
  #failures = 0;
  #wasAway = false;
  #cancelTimer: (() => void) | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#state.is === 'ready';
  }

  isCurrent(client: RedisClient): boolean {
    return this.#state.is === 'ready' && this.#state.client === client;
  }

  /** Rejects with `Away`, or with `MISSING_DEPENDENCY`. */
  async use<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    const make = await this.#options.dial.load();
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        if (this.#underWay.delete(giveUp)) reject(new Away());
      };
      this.#underWay.add(giveUp);
      let client: RedisClient | null = null;
      const run = async (): Promise<T> => {
        client = await this.#client(make);
        return command(client);
      };
      const { context, timeoutMs } = this.#options;
      within(context.clock, timeoutMs, run()).then(
        (value) => {
          if (this.#underWay.delete(giveUp)) resolve(value);
        },
        (error) => {
          if (client) this.lose(client, error);
          giveUp();
        },
      );
    });
  }

  /** Ends a client's time, if it is the one in use, and looks for another. */
  lose(client: RedisClient, error: unknown): void {
    if (!this.isCurrent(client)) return;
    this.#cancelTimer?.();
    discard(client);
    this.#leave(error);
    for (const giveUp of this.#underWay) giveUp();
  }

  close(): void {
    const state = this.#state;
    this.#state = { is: 'closed' };
    this.#cancelTimer?.();
    this.#closing.abort();
    if (state.is === 'ready') discard(state.client);
    for (const giveUp of this.#underWay) giveUp();
  }

  #client(make: () => RedisClient): RedisClient | Promise<RedisClient> {
    switch (this.#state.is) {
      case 'ready':
      case 'opening':
        return this.#state.client;
      case 'idle': {
        const client = this.#attempt(make);
        this.#state = { is: 'opening', client };
        return client;
      }
      default:
        throw new Away();
    }
  }

  async #attempt(make: () => RedisClient): Promise<RedisClient> {
    const { context, timeoutMs, pacer, prove } = this.#options;
    pacer.spend();
    try {
      const client = await openClient(make, {
        clock: context.clock,
        timeoutMs,
        closed: this.#closing.signal,
        prove,
        onClose: (closed) => this.lose(closed, new Error('the connection was closed')),
      });
      if (client.status !== 'ready') throw new Error('the connection broke at once');
      if (this.#state.is === 'closed') discard(client);
      else this.#adopt(client);
      return client;
    } catch (error) {
      if (this.#state.is === 'closed') throw new Away();
      this.#failures += 1;
      this.#leave(error);
      throw new Away();
    }
  }

  #adopt(client: RedisClient): void {
    this.#state = { is: 'ready', client };
    this.#failures = 0;
    this.#options.outage.over();
    this.#watch(client);
    this.#options.onReady(client, this.#wasAway);
  }

  #leave(error: unknown): void {
    const { context, pacer, dial, outage } = this.#options;
    this.#state = { is: 'away' };
    this.#wasAway = true;
    outage.report(error);
    const again = async (): Promise<void> => {
      const make = await dial.load();
      if (this.#state.is === 'away') await this.#attempt(make);
    };
    this.#cancelTimer = context.clock.schedule(pacer.delayMs(this.#failures), () => {
      // Its failure is reported, and the next attempt planned.
      again().catch(() => {});
    });
  }

  /** Nobody would miss a half-open connection as long as there is nothing to send. */
  #watch(client: RedisClient): void {
    this.#cancelTimer = this.#options.context.clock.schedule(SILENCE_MS, () => {
      this.use((current) => current.ping()).then(
        () => {
          if (this.isCurrent(client)) this.#watch(client);
        },
        () => {},
      );
    });
  }
}
