import type { StrategyStore } from '../../../src/stores/strategy-store.js';

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

/** Reads again with each hint until the version is the wanted one: what a manager does. */
export async function untilVersion(store: StrategyStore, told: Told, version: string): Promise<void> {
  for (;;) {
    const hint = told.next();
    if ((await store.read()).version === version) return;
    await hint;
  }
}
