import { onTestFinished } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';

/**
 * A clock for a connection, which the test moves. Its wall time begins at the host's: gRPC measures deadlines by that.
 */
export class ClientClock extends ManualClock {
  readonly #begin = Date.now();

  override now(): number {
    return this.#begin + super.now();
  }

  /** From now on time passes by itself, `stepMs` every 2 ms of the host's. */
  flow(stepMs = 20): void {
    const timer = setInterval(() => this.advance(stepMs), 2);
    onTestFinished(() => clearInterval(timer));
  }
}
