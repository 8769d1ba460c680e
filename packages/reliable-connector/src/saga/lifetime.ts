import { sleep } from '../clock.js';
import type { ReliableConnectorError } from '../errors.js';
import type { Engine } from './engine.js';
import type { Housekeeping } from './housekeeping.js';

export interface LifetimeParts {
  readonly engine: Engine;
  readonly housekeeping: Housekeeping;
  /** Ends calls in flight, so that no run waits for a reply that nobody wants. */
  readonly disconnect: () => Promise<void>;
  /** Closes the journal, where it belongs to this engine. */
  readonly closeJournal: () => Promise<void>;
}

/** The end of an engine, in the order that loses nothing: no new work, grace, silence, and only then the sagas go free. */
export class Lifetime {
  readonly #parts: LifetimeParts;
  #closing: Promise<void> | null = null;

  constructor(parts: LifetimeParts) {
    this.#parts = parts;
  }

  /** Further calls join the first one. */
  close(why: ReliableConnectorError, graceMs: number): Promise<void> {
    // Also in the midst of a grace: a lost leadership sends nothing more.
    if (graceMs <= 0) this.#parts.engine.close(why);
    this.#closing ??= this.#close(why, graceMs);
    return this.#closing;
  }

  async #close(why: ReliableConnectorError, graceMs: number): Promise<void> {
    const { engine, housekeeping, disconnect, closeJournal } = this.#parts;
    housekeeping.stop();
    engine.refuse(why);
    if (graceMs > 0) await this.#grace(graceMs);
    engine.close(why);
    await disconnect();
    await this.#idle();
    await housekeeping.stopped();
    try {
      await engine.session.release();
    } finally {
      await closeJournal();
    }
  }

  async #grace(graceMs: number): Promise<void> {
    const enough = new AbortController();
    const done = this.#parts.engine.answered().then(() => this.#idle());
    await Promise.race([done, sleep(this.#parts.engine.clock, graceMs, enough.signal)]);
    enough.abort();
  }

  async #idle(): Promise<void> {
    const { running } = this.#parts.engine;
    while (running.size > 0) await Promise.all(Array.from(running.values(), (run) => run.over.promise));
  }
}
