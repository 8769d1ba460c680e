import { BroadcastChannel } from 'node:worker_threads';
import type { Hints } from '../hints.js';
import { keyText } from '../key-text.js';
import { OpenStore, type SharedState } from '../open-store.js';
import type { StoredStrategy, StoreReading, StrategyStoreProvider } from '../strategy-store.js';
import { type WorkerThreadsSpace, wordOf, wordsOf } from './space.js';
import { nextWord, readingOf } from './word.js';

/**
 * Keeps the routing target in memory that all threads share: call it in each thread with the same space. Reads and writes
 * are single atomic steps; a message to the other threads is only the hint to read again. Nothing here keeps a thread
 * alive, and a thread may be terminated at any time. Throws `INVALID_ARGUMENT` for what is no space; so does opening the
 * store of a key for which the space has no place.
 */
export function workerThreadsStore(space: WorkerThreadsSpace): StrategyStoreProvider {
  const thread = new ThreadView(space);
  return (key, { logger }) => new OpenStore(logger, (hints) => thread.join(keyText(key), hints));
}

/** What one thread has of a space: its channel, while it has stores, and who listens to which word. */
class ThreadView {
  readonly #words: BigUint64Array;
  readonly #channelName: string;
  readonly #stores = new Map<number, Set<Hints>>();
  #channel: BroadcastChannel | null = null;

  constructor(space: WorkerThreadsSpace) {
    this.#words = wordsOf(space);
    this.#channelName = space.channel;
  }

  join(key: string, hints: Hints): SharedState {
    const at = wordOf(this.#words, key);
    this.#channel ??= this.#openChannel();
    const stores = this.#stores.get(at) ?? new Set();
    this.#stores.set(at, stores.add(hints));
    return {
      read: (): StoreReading => readingOf(Atomics.load(this.#words, at)),
      compareAndSet: (version, state) => this.#compareAndSet(at, version, state),
      listen: () => {},
      leave: () => this.#leave(at, hints),
    };
  }

  #compareAndSet(at: number, version: string, state: StoredStrategy): string | null {
    const word = Atomics.load(this.#words, at);
    if (readingOf(word).version !== version) return null;
    const next = nextWord(word, state);
    if (Atomics.compareExchange(this.#words, at, word, next) !== word) return null;
    this.#tell(at);
    this.#channel?.postMessage(at);
    return readingOf(next).version;
  }

  #openChannel(): BroadcastChannel {
    const channel = new BroadcastChannel(this.#channelName);
    channel.onmessage = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !('data' in message)) return;
      if (typeof message.data === 'number') this.#tell(message.data);
    };
    channel.unref();
    return channel;
  }

  #tell(at: number): void {
    for (const hints of this.#stores.get(at) ?? []) hints.tell();
  }

  #leave(at: number, hints: Hints): void {
    const stores = this.#stores.get(at);
    stores?.delete(hints);
    if (stores?.size === 0) this.#stores.delete(at);
    if (this.#stores.size > 0) return;
    this.#channel?.close();
    this.#channel = null;
  }
}
