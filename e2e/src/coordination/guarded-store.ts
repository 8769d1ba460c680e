import type { Handlers } from './line.js';
import { now } from './now.js';

/** One moment of a grant, told to the store by its holder. */
export interface Entry {
  readonly worker: string;
  /** Fencing token or term. */
  readonly fence: number;
  readonly mode: 'exclusive' | 'shared';
  readonly what: 'enter' | 'look' | 'leave';
  /** CLOCK_MONOTONIC in ms, the same for all processes, read just before the holder looked and saw that it holds. */
  readonly at: number;
}

/** An entry as the store keeps it. */
export interface KeptEntry extends Entry {
  /** When it arrived, by the same clock. */
  readonly keptAt: number;
}

/** What a worker may ask the store for. */
export type StoreCalls = {
  /** Adds to a log, in the order in which entries arrive here. */
  append(log: string, entry: Entry): null;
  /** The value of a register; null if a higher fence was seen there. A null fence is not checked. */
  read(key: string, fence: number | null): readonly string[] | null;
  /** False if a higher fence was seen there. */
  write(key: string, value: readonly string[], fence: number | null): boolean;
};

interface Register {
  value: readonly string[];
  fence: number;
}

/**
 * What the locks of a run guard, kept by the test's own process and reached by message: one order for all that arrives,
 * which is that of a server. Reading a register with a fence raises it as a write does, since whoever has read under a
 * later fence must not find its ground changed by an earlier one.
 */
export class GuardedStore {
  /** Accepted writes so far, by register: what was added by each. */
  readonly added = new Map<string, string[]>();
  /** Writes and reads that were refused for their fence. */
  refused = 0;
  readonly #logs = new Map<string, KeptEntry[]>();
  readonly #registers = new Map<string, Register>();
  readonly #watchers = new Set<() => void>();

  readonly handlers: Handlers<StoreCalls> = {
    append: (log, entry) => {
      const entries = this.#logs.get(log) ?? [];
      entries.push({ ...entry, keptAt: now() });
      this.#logs.set(log, entries);
      return null;
    },
    read: (key, fence) => {
      const register = this.#register(key);
      return this.#admits(register, fence) ? register.value : null;
    },
    write: (key, value, fence) => {
      const register = this.#register(key);
      if (!this.#admits(register, fence)) return false;
      const last = value.at(-1);
      if (last !== undefined) this.added.set(key, [...(this.added.get(key) ?? []), last]);
      register.value = value;
      for (const look of [...this.#watchers]) look();
      return true;
    },
  };

  entries(log: string): readonly KeptEntry[] {
    return this.#logs.get(log) ?? [];
  }

  value(key: string): readonly string[] {
    return this.#register(key).value;
  }

  /** Additions to a register that were accepted and are not in it. */
  lost(key: string): readonly string[] {
    const kept = new Set(this.value(key));
    return (this.added.get(key) ?? []).filter((one) => !kept.has(one));
  }

  /** Resolves as soon as the register has seen a higher fence. */
  passed(key: string, fence: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#register(key).fence <= fence) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #register(key: string): Register {
    const register = this.#registers.get(key) ?? { value: [], fence: 0 };
    this.#registers.set(key, register);
    return register;
  }

  #admits(register: Register, fence: number | null): boolean {
    if (fence === null) return true;
    if (fence < register.fence) {
      this.refused++;
      return false;
    }
    register.fence = fence;
    return true;
  }
}
