import type { StoredStrategy, StoreReading, StrategyStore } from '../stores/strategy-store.js';

/** The side of a manager that a store's link speaks to. */
export interface StoreLinkHost {
  /** What this process holds for true. */
  current(): StoredStrategy;
  /** Nothing was known here: a better guess than none. */
  guess(state: StoredStrategy): void;
  /** Somebody else has written since this process has looked. */
  adopt(state: StoredStrategy): void;
  /** Somebody else wrote first, and what this process had proved meanwhile differs: prove it again. */
  contest(mine: StoredStrategy, theirs: StoredStrategy): void;
  failed(error: unknown): void;
}

/**
 * Keeps a manager and its store together. What a process has proved it uses at once, and writes it down; whoever loses
 * that race reads again, adopts what it finds and proves its own finding anew (engine-wire 4c). A version that was not
 * read is never written over.
 */
export class StoreLink {
  readonly #store: StrategyStore;
  readonly #host: StoreLinkHost;
  readonly #unsubscribe: () => void;
  #version: string | null = null;
  /** What the version that we know says. */
  #stored: StoredStrategy | null = null;
  /** Reads and writes go one after the other. */
  #last: Promise<void>;
  #closed = false;

  constructor(store: StrategyStore, host: StoreLinkHost) {
    this.#store = store;
    this.#host = host;
    this.#last = this.#look();
    this.#unsubscribe = store.subscribe(() => this.#then(() => this.#look()));
  }

  /** Resolves when everything that was asked for so far is done. Never rejects. */
  get settled(): Promise<void> {
    return this.#last;
  }

  /** Tells the store what this process holds for true now, unless it says so already. */
  publish(): void {
    this.#then(() => this.#write());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    await this.#last;
    await this.#store[Symbol.asyncDispose]();
  }

  #then(step: () => Promise<void>): void {
    if (!this.#closed) this.#last = this.#last.then(step);
  }

  async #look(): Promise<void> {
    try {
      this.#take(await this.#store.read());
    } catch (error) {
      this.#host.failed(error);
    }
  }

  #take(reading: StoreReading): void {
    const first = this.#version === null;
    const changed = reading.version !== this.#version;
    this.#version = reading.version;
    this.#stored = reading.state;
    if (this.#closed || reading.state.strategy === null) return;
    if (first) this.#host.guess(reading.state);
    else if (changed) this.#host.adopt(reading.state);
  }

  async #write(): Promise<void> {
    const state = this.#host.current();
    if (this.#closed || state.strategy === null || this.#stored?.strategy === state.strategy) return;
    try {
      const written = await this.#store.compareAndSet(this.#version ?? '', state);
      if (written === null) await this.#lost();
      else {
        this.#version = written;
        this.#stored = state;
      }
    } catch (error) {
      this.#host.failed(error);
    }
  }

  async #lost(): Promise<void> {
    const { version, state: theirs } = await this.#store.read();
    this.#version = version;
    this.#stored = theirs;
    if (this.#closed) return;
    // Not what was to be written: something else may have been proved since.
    const mine = this.#host.current();
    if (theirs.strategy === null) this.publish();
    else if (theirs.strategy !== mine.strategy) this.#host.contest(mine, theirs);
  }
}
