import { StrategyClientError } from '../errors.js';
import type { Logger } from '../logger.js';
import { Hints } from './hints.js';
import { storedState } from './stored-state.js';
import type { StoredStrategy, StoreReading, StrategyStore } from './strategy-store.js';

/** The state of one key, as a driver keeps it for all stores of that key that it has opened. */
export interface SharedState {
  read(): StoreReading | Promise<StoreReading>;
  compareAndSet(version: string, state: StoredStrategy): string | null | Promise<string | null>;
  /** A store listens for the first time. */
  listen(): void;
  /** A store that shares this state is gone. */
  leave(hints: Hints): void | Promise<void>;
}

/** What all drivers' stores have in common: states that are checked, hints, and an end. */
export class OpenStore implements StrategyStore {
  readonly #shared: SharedState;
  readonly #hints: Hints;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed: Promise<void> | null = null;

  /** `join` finds the state for the hints of this store. */
  constructor(logger: Logger, join: (hints: Hints) => SharedState) {
    this.#hints = new Hints(logger);
    this.#shared = join(this.#hints);
  }

  read(): Promise<StoreReading> {
    return this.#run(() => this.#shared.read());
  }

  compareAndSet(version: string, state: StoredStrategy): Promise<string | null> {
    return this.#run(() => this.#shared.compareAndSet(version, storedState(state)));
  }

  subscribe(listener: () => void): () => void {
    if (this.#closed) throw closedError();
    const unsubscribe = this.#hints.add(listener);
    this.#shared.listen();
    return unsubscribe;
  }

  /** Hears nothing more at once; resolves when the operations under way have ended. Repeating it is harmless. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#hints.clear();
    if (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.#shared.leave(this.#hints);
  }

  async #run<T>(operation: () => T | Promise<T>): Promise<T> {
    if (this.#closed) throw closedError();
    const result = operation();
    if (!(result instanceof Promise)) return result;
    this.#underWay.add(result);
    try {
      return await result;
    } finally {
      this.#underWay.delete(result);
    }
  }
}

const closedError = (): StrategyClientError =>
  new StrategyClientError('CLOSED', 'the strategy store is closed; open another one');
