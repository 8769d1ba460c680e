import type { Clock } from '../../clock.js';
import type { Logger } from '../../logger.js';

/** A network that flaps fills no log: warnings are at least this far apart, ms. */
const WARN_EVERY_MS = 60_000;

/**
 * Reports an outage: one warning for all of it and, if there was one, a line when it is over. One that begins soon after
 * another was reported is reported when the time has come, should it last so long.
 */
export class Outage {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #texts: { readonly begin: string; readonly end: string };
  readonly #address: string;
  #isReported = false;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(
    context: { readonly logger: Logger; readonly clock: Clock },
    texts: { readonly address: string; readonly begin: string; readonly end: string },
  ) {
    this.#logger = context.logger;
    this.#clock = context.clock;
    this.#texts = texts;
    this.#address = texts.address;
  }

  /** It goes on, or begins. */
  report(error: unknown): void {
    const now = this.#clock.monotonic();
    if (this.#isReported || now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#isReported = true;
    this.#warnedAt = now;
    this.#logger.warn({ address: this.#address, err: bareError(error) }, this.#texts.begin);
  }

  over(): void {
    if (!this.#isReported) return;
    this.#isReported = false;
    this.#logger.info({ address: this.#address }, this.#texts.end);
  }
}

/** ioredis hangs the command and its arguments, the password of AUTH among them, on its errors. */
function bareError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('an unknown failure');
  // An error of several addresses (`localhost`) has a code and no message.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const bare = new Error(error.message || code);
  bare.name = error.name;
  return bare;
}
