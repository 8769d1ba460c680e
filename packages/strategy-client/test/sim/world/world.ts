import type { Choice, ChoiceSource, Scheduler } from './choice.js';

/** More steps than any run needs: a run that takes them goes round in circles. */
const MOST_STEPS = 3_000;

/**
 * One thing happens after the other, in the order in which a scheduler wants it; between two of them all code comes to
 * rest. One turn of the event loop drains every promise, since the code under test has no other source of wake-ups.
 */
export class World {
  /** What has happened so far. */
  readonly trace: string[] = [];
  readonly #sources: ChoiceSource[] = [];
  readonly #atRest: () => void;

  /** `atRest` is called after each step. */
  constructor(atRest: () => void) {
    this.#atRest = atRest;
  }

  /** Things that have happened. */
  get steps(): number {
    return this.trace.length;
  }

  add(source: ChoiceSource): void {
    this.#sources.push(source);
  }

  /** Everything that can happen now. */
  choices(): readonly Choice[] {
    return this.#sources.flatMap((source) => source.choices());
  }

  /** Lets something happen, and what follows from it at once. */
  async take(choice: Choice): Promise<void> {
    this.trace.push(choice.label);
    choice.take();
    await allCodeAtRest();
    this.#atRest();
  }

  /** Runs until nothing can happen any more or the scheduler ends it. False: it does not come to rest. */
  async run(scheduler: Scheduler): Promise<boolean> {
    await allCodeAtRest();
    this.#atRest();
    while (this.steps < MOST_STEPS) {
      const choices = this.choices();
      const choice = choices.length === 0 ? null : scheduler(choices);
      if (choice === null) return true;
      await this.take(choice);
    }
    return false;
  }
}

export function allCodeAtRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
