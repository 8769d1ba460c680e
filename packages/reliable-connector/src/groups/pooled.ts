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
  let more = true;
  try {
    while (more || atWork.size > 0) {
      while (more && atWork.size < concurrency) {
        const next = await source.next();
        if (next.done) {
          more = false;
          break;
        }
        const task: Promise<void> = work(next.value)
          .then(
            (result) => void done.push(result),
            (error: unknown) => void failures.push(error),
          )
          .finally(() => atWork.delete(task));
        atWork.add(task);
      }
      if (done.length === 0 && atWork.size > 0) await Promise.race(atWork);
      yield* done.splice(0);
      if (failures.length > 0) throw failures[0];
    }
  } finally {
    await source.return?.();
  }
}
