import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Told } from '../../../../tooling/mutation/hunter.js';
import type { Profile } from '../sim/profile.js';

/** What a hunting process is told. */
export interface Order {
  /** The folder of the copy. */
  readonly copy: string;
  readonly from: number;
  readonly to: number;
  readonly world: Partial<Profile>;
}

/** The first violation that was met. */
export interface Catch {
  readonly seed: number;
  readonly invariant: string;
  readonly text: string;
}

const tell = (told: Told<Catch>): void => void process.send?.(told);

/** Tries the seeds of one copy after the other, up to the first that breaks an invariant. Each copy has modules of its own. */
process.on('message', (order: Order) => {
  void hunt(order).then(tell);
});
process.on('unhandledRejection', (reason) => tell({ unhandled: String(reason) }));

async function hunt({ copy, from, to, world }: Order): Promise<Told<Catch>> {
  let seed = from;
  try {
    const { runSeed }: typeof import('../sim/run-seed.js') = await import(
      pathToFileURL(join(copy, 'test/sim/run-seed.js')).href
    );
    for (; seed <= to; seed++) {
      tell({ trying: String(seed) });
      const [first] = (await runSeed(seed, undefined, world)).violations;
      if (first !== undefined) return { found: { seed, invariant: first.invariant, text: first.text } };
    }
    return { found: null };
  } catch (error) {
    return { found: { seed, invariant: 'X', text: String(error) } };
  }
}
