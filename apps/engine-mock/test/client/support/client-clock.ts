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

  /** From now on time passes by itself, ten times as fast as the host's. */
  flow(): void {
    const timer = setInterval(() => this.advance(20), 2);
    onTestFinished(() => clearInterval(timer));
  }
}
