import type { Profile } from '../sim/profile.js';
import { runSeed } from '../sim/run-seed.js';
import type { Catch, Order } from './hunt.js';

/** Runs in a copy: tries seeds until one breaks an invariant. */
process.once('message', (order: Order) => {
  void hunt(order).then((found) => process.send?.(found, () => process.disconnect()));
});

async function hunt({ from, to, world }: Order): Promise<Catch | null> {
  for (let seed = from; seed <= to; seed++) {
    process.send?.({ trying: seed });
    const { violations } = await runSeed(seed, undefined, world as Partial<Profile>);
    const [first] = violations;
    if (first !== undefined) return { seed, invariant: first.invariant, text: first.text };
  }
  return null;
}
