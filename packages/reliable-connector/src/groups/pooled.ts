/**
 * Runs `work` over items with at most `concurrency` at once and yields results as they come. Takes the next item only
 * when there is room, so a source of any length needs bounded memory. Ending the iteration early starts nothing more;
 * so does a failure of `work`, which is thrown once what came before it has been yielded.
 */
export async function* pooled<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const atWork = new Set<Promise<void>>();
  const done: R[] = [];
  const failures: unknown[] = [];
  let asking: Promise<void> | null = null;
  let more = true;
  const begin = (item: T): void => {
    const task: Promise<void> = work(item)
      .then(
        (result) => void done.push(result),
        (error: unknown) => void failures.push(error),
      )
      .finally(() => atWork.delete(task));
    atWork.add(task);
  };
  const ask = async (): Promise<void> => {
    try {
      const next = await source.next();
      if (next.done) more = false;
      else begin(next.value);
    } catch (error) {
      failures.push(error);
    } finally {
      asking = null;
    }
  };
  try {
    while (more || atWork.size > 0) {
      if (more && atWork.size < concurrency) asking ??= ask();
      // A slow source does not hold back what is done.
      await Promise.race(asking ? [...atWork, asking] : atWork);
      yield* done.splice(0);
      if (failures.length > 0) throw failures[0];
    }
    yield* done.splice(0);
  } finally {
    await source.return?.();
  }
}
