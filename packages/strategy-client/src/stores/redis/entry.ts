import { StrategyClientError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import type { Hints } from '../hints.js';
import type { SharedState } from '../open-store.js';
import { EMPTY } from '../stored-state.js';
import type { StoredStrategy, StoreReading } from '../strategy-store.js';
import type { RedisClient } from './client.js';
import type { Link } from './link.js';
import { COMPARE_AND_SET } from './scripts/compare-and-set.js';
import { READ } from './scripts/read.js';
import { run } from './scripts/script.js';
import { encodeValue, readingOf, stateOf } from './value.js';

export interface EntryOptions {
  /** In Redis; also the name of the channel. */
  readonly key: string;
  readonly link: Link;
  readonly logger: Logger;
  readonly onListen: () => void;
  /** No store shares this state any more. */
  readonly onEmpty: () => void;
}

/** How often a return tries to agree with others that write at the same time. */
const MOST_ROUNDS = 3;

/**
 * The state of one key: what Redis says, and a copy with which the process goes on while Redis is away. After each
 * connection the two are brought together before anything else is asked of Redis: what Redis says counts if somebody else
 * has changed it or nothing was written here; otherwise, and where Redis has forgotten the key, the copy is offered.
 */
export class Entry implements SharedState {
  /** The hints of the stores that share this state. */
  readonly stores: Set<Hints> = new Set();
  readonly #options: EntryOptions;
  #copy: StoreReading = EMPTY;
  /** Versions on which the copy may rest: the last that Redis gave, and writes since then whose answer was lost. */
  #bases = new Set<string>(['']);
  /** The copy has been written since Redis gave it. */
  #isAhead = false;
  #settled: { readonly client: RedisClient; readonly done: Promise<void> } | null = null;
  #isForeignReported = false;

  constructor(options: EntryOptions) {
    this.#options = options;
  }

  read(): Promise<StoreReading> {
    return this.#orElse(
      async (client) => {
        await this.settle(client);
        return this.#fetch(client);
      },
      () => this.#copy,
    );
  }

  compareAndSet(version: string, state: StoredStrategy): Promise<string | null> {
    const next: StoreReading = { version: encodeValue(state), state };
    let isSent = false;
    return this.#orElse(
      async (client) => {
        await this.settle(client);
        isSent = true;
        return (await this.#write(client, version, next)) ? next.version : null;
      },
      () => this.#writeCopy(version, next, isSent),
    );
  }

  listen(): void {
    this.#options.onListen();
  }

  leave(hints: Hints): void {
    this.stores.delete(hints);
    if (this.stores.size === 0) this.#options.onEmpty();
  }

  /** Somebody wrote `version`, or may have written. */
  async refresh(version?: string): Promise<void> {
    if (version !== this.#copy.version) await this.read();
  }

  /** Brings the copy and Redis together, once for each connection. */
  settle(client: RedisClient): Promise<void> {
    if (this.#settled?.client !== client) this.#settled = { client, done: this.#reconcile(client) };
    return this.#settled.done;
  }

  tell(): void {
    for (const hints of this.stores) hints.tell();
  }

  async #reconcile(client: RedisClient): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const held = textOf(await run(client, READ, this.#options.key));
      const offer = this.#offerOver(held);
      if (!offer) return this.#adopt(client, readingOf(held));
      if (await this.#write(client, held, offer)) return;
    }
    await this.#fetch(client);
  }

  /** Null: what Redis holds counts. */
  #offerOver(held: string): StoreReading | null {
    const { state } = this.#copy;
    // Emptied, or never written: by a new version, since one that Redis has forgotten must not come back.
    if (held === '') return state.strategy === null ? null : { version: encodeValue(state), state };
    return this.#isAhead && this.#bases.has(held) ? this.#copy : null;
  }

  async #orElse<T>(command: (client: RedisClient) => Promise<T>, alone: () => T): Promise<T> {
    try {
      return await this.#options.link.use(command);
    } catch (error) {
      if (error instanceof StrategyClientError) throw error;
      return alone();
    }
  }

  #fetch(client: RedisClient): Promise<StoreReading> {
    return run(client, READ, this.#options.key).then((reply) => {
      const held = textOf(reply);
      const reading = readingOf(held);
      if (!stateOf(held)) this.#reportForeign();
      this.#adopt(client, reading);
      return reading;
    });
  }

  #write(client: RedisClient, held: string, next: StoreReading): Promise<boolean> {
    const { key } = this.#options;
    return run(client, COMPARE_AND_SET, key, held, next.version, key).then((reply) => {
      if (reply === 1) this.#adopt(client, next);
      return reply === 1;
    });
  }

  #writeCopy(version: string, next: StoreReading, isSent: boolean): string | null {
    if (version !== this.#copy.version) return null;
    if (isSent) this.#bases.add(next.version);
    this.#copy = next;
    this.#isAhead = true;
    // Should a connection have come up just now: it is asked before anything else happens on it.
    this.#settled = null;
    this.tell();
    return next.version;
  }

  /** Answers come in the order in which Redis did the work, and each is adopted at once, so that the copy never goes back. */
  #adopt(client: RedisClient, reading: StoreReading): void {
    if (!this.#options.link.isCurrent(client)) return;
    const isNews = reading.version !== this.#copy.version;
    this.#copy = reading;
    this.#bases = new Set([reading.version]);
    this.#isAhead = false;
    if (isNews) this.tell();
  }

  #reportForeign(): void {
    if (this.#isForeignReported) return;
    this.#isForeignReported = true;
    const { logger, key } = this.#options;
    logger.warn(
      { key },
      'this key of Redis holds no routing target; it counts as unknown until one is written',
    );
  }
}

function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  throw new Error('the server answers what no Redis would');
}
