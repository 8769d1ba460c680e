import type { DriverContext } from '../../driver/index.js';
import { closedError } from '../embedded/closed-error.js';
import type { Notice } from '../embedded/notices.js';
import type { Step, Store } from '../embedded/store.js';
import { type MemorySpace, memorySpaces } from './memory-space.js';
import { memoryTables } from './memory-tables.js';
import { nextTurn } from './turn.js';

/** A store of this process: a step runs to its end before any other, so nothing more is needed to make it atomic. */
export class MemoryStore implements Store {
  readonly #context: DriverContext;
  readonly #key: string;
  readonly #space: MemorySpace;
  #onNotices: ((notices: readonly Notice[]) => void) | null = null;
  #closed = false;

  constructor(key: string, context: DriverContext) {
    this.#context = context;
    this.#key = key;
    this.#space = memorySpaces.enter(key, () => ({ tables: memoryTables(), listeners: new Set() }));
  }

  write<T>(operation: string, run: (step: Step) => T): Promise<T> {
    return this.#run(operation, run);
  }

  read<T>(operation: string, run: (step: Step) => T): Promise<T> {
    return this.#run(operation, run);
  }

  async listen(onNotices: (notices: readonly Notice[]) => void): Promise<void> {
    this.#assertOpen('listen');
    this.#onNotices = onNotices;
    this.#space.listeners.add(onNotices);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#onNotices !== null) this.#space.listeners.delete(this.#onNotices);
    memorySpaces.leave(this.#key);
  }

  async #run<T>(operation: string, run: (step: Step) => T): Promise<T> {
    await nextTurn();
    this.#assertOpen(operation);
    const { clock } = this.#context;
    const notices: Notice[] = [];
    const { tables, listeners } = this.#space;
    const wallMicros = Math.floor(clock.now() * 1000);
    const result = run({ tables, now: clock.monotonic(), wallMicros, notices });
    if (notices.length > 0) for (const listener of listeners) listener(notices);
    return result;
  }

  #assertOpen(operation: string): void {
    if (this.#closed) throw closedError(operation);
  }
}
