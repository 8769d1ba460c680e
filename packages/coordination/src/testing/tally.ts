const BEHAVIOURS = 84;

/** Which of the numbered behaviours ran, and how they ended: by the `A<number>` at the beginning of a test's title. */
export class Tally {
  readonly #passed = new Set<number>();
  readonly #failed = new Set<number>();

  /** Runs one test and notes how it ended. A behaviour with several tests has passed when all of them have. */
  async run(title: string, test: () => Promise<void>): Promise<void> {
    const number = numberOf(title);
    try {
      await test();
      if (number !== null) this.#passed.add(number);
    } catch (error) {
      if (number !== null) this.#failed.add(number);
      throw error;
    }
  }

  /** One line that names every behaviour that did not pass. */
  summary(driver: string): string {
    const failed = [...this.#failed].sort((a, b) => a - b);
    const missing = Array.from({ length: BEHAVIOURS }, (_, i) => i + 1).filter(
      (number) => !this.#passed.has(number) && !this.#failed.has(number),
    );
    const passed = BEHAVIOURS - failed.length - missing.length;
    const parts = [`conformance ${driver}: A 1-${BEHAVIOURS}: ${passed} passed`];
    if (failed.length > 0) parts.push(`failed: ${failed.join(' ')}`);
    if (missing.length > 0) parts.push(`not run: ${missing.join(' ')}`);
    return parts.join(', ');
  }

  get complete(): boolean {
    return this.#failed.size === 0 && this.#passed.size === BEHAVIOURS;
  }
}

/** The number of the behaviour that a title shows, null for any other test. */
export function numberOf(title: string): number | null {
  const [, digits] = /^A(\d+) /.exec(title) ?? [];
  if (digits === undefined) return null;
  const number = Number(digits);
  if (number >= 1 && number <= BEHAVIOURS) return number;
  throw new Error(`"${title}" names a behaviour that does not exist`);
}
