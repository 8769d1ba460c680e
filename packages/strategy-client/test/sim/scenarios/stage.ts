import { expect } from 'vitest';
import type { SimConfig } from '../config.js';
import type { Message } from '../network/message.js';
import { inOrder } from '../schedulers.js';
import { Simulation } from '../simulation.js';
import { allCodeAtRest } from '../world/world.js';

/** A simulation whose events a test calls by name, in the words of the model's traces. */
export class Stage {
  readonly simulation: Simulation;

  constructor(bounds: Partial<SimConfig> = {}) {
    this.simulation = new Simulation(bounds);
  }

  /** Lets one line of the trace happen after the other; each has to be possible when its turn comes. */
  async plays(trace: string): Promise<void> {
    const { world, judge } = this.simulation;
    await allCodeAtRest();
    judge.afterStep();
    for (const line of trace.split('\n').map((text) => text.trim())) {
      if (line === '') continue;
      const choices = world.choices();
      const choice = choices.find(({ label }) => label === line);
      if (choice === undefined)
        throw new Error(`"${line}" cannot happen; what can: ${choices.map(({ label }) => label).join('; ')}`);
      await world.take(choice);
    }
  }

  /** Everything goes on in its natural order to the end, and the judge has nothing to say. */
  async ends(): Promise<void> {
    await this.simulation.run(inOrder);
    expect(this.simulation.judge.violations.list).toEqual([]);
  }

  /** Calls on their way, by name. */
  get underWay(): string[] {
    return this.simulation.network.messages.map(({ name }) => name);
  }

  /** The call of this name that is on its way. */
  message(name: string): Message {
    const message = this.simulation.network.messages.find((one) => one.name === name);
    if (message === undefined)
      throw new Error(`${name} is not under way; what is: ${this.underWay.join('; ')}`);
    return message;
  }

  /** How the queries ended: `ok`, or the name of the error; `-` for one that runs. */
  get outcomes(): string[] {
    return this.simulation.users.map(({ error, isOver }) => (isOver ? (error?.name ?? 'ok') : '-'));
  }

  get target(): string {
    return this.#first.routing.target;
  }

  get candidate(): string | null {
    return this.#first.routing.candidate?.strategy ?? null;
  }

  get metrics(): ReturnType<Simulation['processes'][number]['manager']['metrics']> {
    return this.#first.manager.metrics();
  }

  get #first(): Simulation['processes'][number] {
    const [first] = this.simulation.processes;
    if (first === undefined) throw new Error('there is no process');
    return first;
  }
}
