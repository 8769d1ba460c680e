/**
 * Runs `work` over items with at most `concurrency` at once and yields results as they come. Takes the next item only
 * when there is room, so a source of any length needs bounded memory. Ending the iteration early starts nothing more.
 */
export async function* pooled<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const atWork = new Set<Promise<void>>();
  const done: R[] = [];
  let more = true;
  try {
    while (more || atWork.size > 0) {
      while (more && atWork.size < concurrency) {
        const next = await source.next();
        if (next.done) {
          more = false;
          break;
        }
        const task: Promise<void> = work(next.value).then((result) => {
          atWork.delete(task);
          done.push(result);
        });
        atWork.add(task);
      }
      if (done.length === 0 && atWork.size > 0) await Promise.race(atWork);
      yield* done.splice(0);
    }
  } finally {
    await source.return?.();
  }
}
