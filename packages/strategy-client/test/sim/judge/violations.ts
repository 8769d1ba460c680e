/** What was broken, and after how many steps. */
export interface Violation {
  readonly at: number;
  readonly text: string;
}

/** Collects what was broken. */
export class Violations {
  readonly list: Violation[] = [];
  readonly #steps: () => number;

  constructor(steps: () => number) {
    this.#steps = steps;
  }

  add(text: string): void {
    this.list.push({ at: this.#steps(), text });
  }

  expect(holds: boolean, text: () => string): void {
    if (!holds) this.add(text());
  }
}
