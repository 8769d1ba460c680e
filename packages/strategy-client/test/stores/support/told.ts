import type { StoreReading, StrategyStore } from '../../../src/stores/strategy-store.js';

/** Hints of a store that can be counted and awaited. */
export class Told {
  count = 0;
  readonly stop: () => void;
  readonly #waiting = new Set<() => void>();

  constructor(store: StrategyStore) {
    this.stop = store.subscribe(() => {
      this.count += 1;
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
  }

  /** Resolves with the next hint. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

/** Reads again with each hint until the reading is the wanted one: what a manager does. */
export async function until(
  store: StrategyStore,
  isWanted: (reading: StoreReading) => boolean,
): Promise<void> {
  const told = new Told(store);
  try {
    for (;;) {
      // Before the reading: a hint that comes while it is under way is one.
      const hint = told.next();
      if (isWanted(await store.read())) return;
      await hint;
    }
  } finally {
    told.stop();
  }
}

export const untilVersion = (store: StrategyStore, version: string | null): Promise<void> =>
  until(store, (reading) => reading.version === version);
