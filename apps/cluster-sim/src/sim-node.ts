import { FaultDice } from './faults/fault-dice.js';
import { type FaultPlan, type FaultVerb, ratesFor } from './faults/fault-plan.js';
import type { Random } from './random.js';
import type { NodeStore } from './store/node-store.js';

/** One dice cup per verb of `/group`. */
export type VerbDice = Readonly<Record<FaultVerb, FaultDice>>;

/** The dice that a plan gives to a node; without a name, to requests that reach no node. */
export function diceFor(plan: FaultPlan, node: string | undefined, random: Random): VerbDice {
  const dice = (verb: FaultVerb): FaultDice => new FaultDice(ratesFor(plan, node, verb), random);
  return { POST: dice('POST'), GET: dice('GET'), DELETE: dice('DELETE') };
}

/** One simulated node: its records, its dice, and whether it is there at all. */
export class SimNode {
  readonly name: string;
  readonly store: NodeStore;
  readonly #random: Random;
  #dice: VerbDice;
  #downByPlan = false;
  /** Set by `stopNode`, until `startNode`. */
  stopped = false;

  constructor(name: string, store: NodeStore, random: Random) {
    this.name = name;
    this.store = store;
    this.#random = random;
    this.#dice = diceFor({}, name, random);
  }

  get dice(): VerbDice {
    return this.#dice;
  }

  /** A node that is down answers nothing: not `/group`, not anything else. */
  get isDown(): boolean {
    return this.stopped || this.#downByPlan;
  }

  setFaults(plan: FaultPlan): void {
    this.#dice = diceFor(plan, this.name, this.#random);
    this.#downByPlan = plan.nodes?.[this.name]?.down ?? false;
  }
}
