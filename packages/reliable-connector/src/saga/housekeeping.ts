import { ReliableConnectorError } from '../errors.js';
import type { GroupContext } from './context.js';
import { recover } from './recover.js';

/** Ended sagas deleted in one round: small, so that no writer waits for long. */
const PRUNE_AT_ONCE = 500;

/** What a connector does unasked, every `recoverEveryMs`: recovery, due repeats, pruning. Rounds never overlap. */
export class Housekeeping {
  readonly #context: GroupContext;
  readonly #stop = new AbortController();
  #cancel: () => void = () => {};
  #round: Promise<void> = Promise.resolve();

  constructor(context: GroupContext) {
    this.#context = context;
  }

  /** The first round begins at once. */
  start(): void {
    if (this.#context.options.recoverEveryMs > 0) this.#again(0);
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
    this.#cancel = this.#context.engine.clock.schedule(delayMs, () => {
      this.#round = this.#once().finally(() => this.#again(this.#context.options.recoverEveryMs));
    });
  }

  async #once(): Promise<void> {
    const { engine, session, options } = this.#context;
    try {
      await recover(this.#context, { wait: false, signal: this.#stop.signal });
      for (let pruned = PRUNE_AT_ONCE; pruned === PRUNE_AT_ONCE && !this.#stop.signal.aborted; )
        pruned = await session.prune({ ...options, limit: PRUNE_AT_ONCE });
    } catch (err) {
      const expected = this.#stop.signal.aborted && err instanceof ReliableConnectorError;
      if (!expected) engine.logger.error({ err }, 'a round of recovery failed; the next one tries again');
    }
  }
}
