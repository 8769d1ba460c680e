import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Told } from '../../../../tooling/mutation/hunter.js';
import type { Worlds } from './mutant.js';

/** What a hunting process is told. */
export interface Order {
  /** The folder of the copy. */
  readonly copy: string;
  readonly by: readonly string[] | Worlds;
}

/** The test, or the world, that noticed first. */
export interface Catch {
  readonly title: string;
  readonly text: string;
}

const tell = (told: Told<Catch>): void => void process.send?.(told);

/**
 * Hunts in one copy after the other: tests up to the first that fails, or worlds up to the first in which a rule is
 * broken. Each copy has modules of its own; the libraries are loaded once.
 */
process.on('message', (order: Order) => {
  void hunt(order).then((found) => tell({ found }));
});
process.on('unhandledRejection', (reason) => tell({ unhandled: String(reason) }));

const trying = (title: string): void => tell({ trying: title });

async function hunt({ copy, by }: Order): Promise<Catch | null> {
  try {
    return 'bounds' in by ? await byWorlds(copy, by) : await byTests(copy, by);
  } catch (error) {
    return { title: 'as it is loaded', text: String(error) };
  }
}

async function byTests(copy: string, tests: readonly string[]): Promise<Catch | null> {
  // In a copy this is the small runner.
  const runner: typeof import('./mini-runner.js') = await import('vitest' as string);
  for (const test of tests) await import(pathToFileURL(join(copy, 'test', `${test}.test.js`)).href);
  return runner.runAll(trying);
}

async function byWorlds(copy: string, { bounds, seeds }: Worlds): Promise<Catch | null> {
  const { runSeed }: typeof import('../sim/run-seed.js') = await import(
    pathToFileURL(join(copy, 'test/sim/run-seed.js')).href
  );
  for (let seed = 1; seed <= seeds; seed++) {
    trying(`seed ${seed}`);
    const [first] = (await runSeed(seed, bounds)).violations;
    if (first !== undefined) return { title: `seed ${seed}`, text: first.text };
  }
  return null;
}
