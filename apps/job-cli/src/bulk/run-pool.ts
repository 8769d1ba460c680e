/** What to work on, how much at once, and when to stop. */
export interface PoolOptions<T, R> {
  readonly items: Iterable<T> | AsyncIterable<T>;
  /** Items at work at once. */
  readonly concurrency: number;
  /** When it aborts nothing new is begun; what is at work is waited for. */
  readonly signal: AbortSignal;
  readonly work: (item: T) => Promise<R>;
  /** Called in order of completion; the lane waits for it. */
  readonly finished: (result: R) => void | Promise<void>;
}

/**
 * Works on items with a bounded number at once and takes an item only when a lane is free, so that a stream of any
 * length fits. Rejects with the first error of `items`, `work` or `finished`, after the running items have ended.
 */
export async function runPool<T, R>(o: PoolOptions<T, R>): Promise<void> {
  const stopped = new AbortController();
  const source =
    Symbol.asyncIterator in o.items ? o.items[Symbol.asyncIterator]() : o.items[Symbol.iterator]();
  const next = takeUntil(source, AbortSignal.any([o.signal, stopped.signal]));
  const lane = async (): Promise<void> => {
    try {
      for (let taken = await next(); taken !== null; taken = await next()) {
        await o.finished(await o.work(taken.item));
      }
    } catch (error) {
      stopped.abort();
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: o.concurrency }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Items one by one; null at the end of the source, or at once when `signal` aborts, also while a read is waiting. */
function takeUntil<T>(
  source: Iterator<T> | AsyncIterator<T>,
  signal: AbortSignal,
): () => Promise<{ readonly item: T } | null> {
  let ended = false;
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  return async () => {
    if (ended || signal.aborted) return null;
    const taken = await Promise.race([source.next(), aborted]);
    if (taken !== null && taken.done !== true) return { item: taken.value };
    ended = true;
    return null;
  };
}
