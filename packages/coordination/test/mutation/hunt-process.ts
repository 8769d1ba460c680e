import type { Catch, Order } from './hunt.js';

/** Runs in a copy: the tests of the order, up to the first that fails. */
process.once('message', (order: Order) => {
  void hunt(order).then((found) => process.send?.(found, () => process.exit()));
});

async function hunt({ tests }: Order): Promise<Catch | null> {
  // In a copy this is the small runner.
  const runner: typeof import('./mini-runner.js') = await import('vitest' as string);
  for (const file of tests) await import(new URL(`../${file}.test.js`, import.meta.url).href);
  return runner.runAll((title) => process.send?.({ trying: title }));
}
