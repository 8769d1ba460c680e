import type { StoredStrategy, StoreReading, StrategyStore } from '../../src/stores/strategy-store.js';
import type { Strategy } from '../../src/strategy.js';

/** A store whose steps a test lets happen one by one. */
export class ControlledStore implements StrategyStore {
  reading: StoreReading = { version: '', state: { strategy: null, lastCheckTime: 0 } };
  /** What was asked, in order: `read`, or the version that a write names and what it writes. */
  readonly asked: string[] = [];
  isDisposed = false;
  readonly #waiting: (() => void)[] = [];
  #listener: (() => void) | null = null;

  /** Somebody else writes. */
  write(version: string, strategy: Strategy | null): void {
    this.reading = { version, state: { strategy, lastCheckTime: 1 } };
  }

  hint(): void {
    this.#listener?.();
  }

  /** The operation that has waited longest takes place. */
  async next(): Promise<void> {
    await turn();
    this.#waiting.shift()?.();
    await turn();
  }

  async read(): Promise<StoreReading> {
    this.asked.push('read');
    await this.#turn();
    return this.reading;
  }

  async compareAndSet(version: string, state: StoredStrategy): Promise<string | null> {
    this.asked.push(`${version}:${state.strategy}`);
    await this.#turn();
    if (version !== this.reading.version) return null;
    this.reading = { version: `${version}+`, state };
    return this.reading.version;
  }

  subscribe(listener: () => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
