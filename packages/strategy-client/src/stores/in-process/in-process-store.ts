import type { Hints } from '../hints.js';
import { keyText } from '../key-text.js';
import { OpenStore, type SharedState } from '../open-store.js';
import { EMPTY } from '../stored-state.js';
import type { StoredStrategy, StoreReading, StrategyStoreProvider } from '../strategy-store.js';

/**
 * Keeps the routing target in this process: shared by all managers of equal keys that were given the same provider, and
 * forgotten when the last of them closes. Worker threads are processes of their own in this.
 */
export function inProcessStore(): StrategyStoreProvider {
  const states = new Map<string, InProcessState>();
  let versions = 0;
  // Counted over all keys: a key that is forgotten and comes back does not repeat a version.
  const nextVersion = (): string => String(++versions);
  return (key, { logger }) => {
    const name = keyText(key);
    return new OpenStore(logger, (hints) => {
      const state = states.get(name) ?? new InProcessState(nextVersion, () => states.delete(name));
      states.set(name, state);
      state.stores.add(hints);
      return state;
    });
  };
}

/** Where managers keep the routing target that were given no provider: one for the whole process, apart by key. */
export const sharedInProcess: StrategyStoreProvider = inProcessStore();

class InProcessState implements SharedState {
  /** The hints of the stores that share this state. */
  readonly stores: Set<Hints> = new Set();
  readonly #nextVersion: () => string;
  readonly #forget: () => void;
  #reading: StoreReading = EMPTY;

  constructor(nextVersion: () => string, forget: () => void) {
    this.#nextVersion = nextVersion;
    this.#forget = forget;
  }

  read(): StoreReading {
    return this.#reading;
  }

  compareAndSet(version: string, state: StoredStrategy): string | null {
    if (version !== this.#reading.version) return null;
    this.#reading = Object.freeze({ version: this.#nextVersion(), state });
    for (const hints of this.stores) hints.tell();
    return this.#reading.version;
  }

  listen(): void {}

  leave(hints: Hints): void {
    this.stores.delete(hints);
    if (this.stores.size === 0) this.#forget();
  }
}
