import { ReliableConnectorError } from '../errors.js';
import type { Engine } from './engine.js';

/** Ended sagas deleted in one round: few, so that no writer waits for long. */
const PRUNE_AT_ONCE = 500;

export interface HousekeepingOptions {
  /** Ms between two rounds; 0: none. */
  readonly recoverEveryMs: number;
  readonly retentionMs: number;
  readonly idempotencyRetentionMs: number;
}

/** What an engine does unasked, every `recoverEveryMs`: recovery, then pruning. Rounds never overlap. */
export class Housekeeping {
  readonly #engine: Engine;
  readonly #options: HousekeepingOptions;
  readonly #recover: (signal: AbortSignal) => Promise<unknown>;
  readonly #stop = new AbortController();
  #cancel: () => void = () => {};
  #round: Promise<void> = Promise.resolve();

  constructor(
    engine: Engine,
    options: HousekeepingOptions,
    recover: (signal: AbortSignal) => Promise<unknown>,
  ) {
    this.#engine = engine;
    this.#options = options;
    this.#recover = recover;
  }

  /** The first round begins at once. */
  start(): void {
    if (this.#options.recoverEveryMs > 0) this.#again(0);
  }

  stop(): void {
    this.#stop.abort();
    this.#cancel();
  }

  /** Resolves when no round is at work any more. */
  stopped(): Promise<void> {
    return this.#round;
  }

  #again(delayMs: number): void {
    if (this.#stop.signal.aborted) return;
    this.#cancel = this.#engine.clock.schedule(delayMs, () => {
      this.#round = this.#once().finally(() => this.#again(this.#options.recoverEveryMs));
    });
  }

  async #once(): Promise<void> {
    const { signal } = this.#stop;
    try {
      await this.#recover(signal);
      for (let pruned = PRUNE_AT_ONCE; pruned === PRUNE_AT_ONCE && !signal.aborted; )
        pruned = await this.#engine.session.prune({ ...this.#options, limit: PRUNE_AT_ONCE });
    } catch (err) {
      const expected = signal.aborted && err instanceof ReliableConnectorError;
      if (!expected)
        this.#engine.logger.error({ err }, 'a round of recovery failed; the next one tries again');
    }
  }
}
