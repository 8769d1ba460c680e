/** Works on all items, at most `lanes` at once, and gives the results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const [at, item] of queue) results.set(at, await work(item));
    }),
  );
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
