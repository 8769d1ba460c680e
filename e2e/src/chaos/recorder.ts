import type { ChaosEvent } from './history/event.js';

/** Far more events than there are while a fault lasts. */
const RECENT = 3_000;

/** Keeps what happens in a run. Everything that is noted has the host's wall clock, as the programs' logs have it. */
export class Recorder {
  /** Wall time in ms since 1970 of the beginning. */
  readonly began: number = Date.now();
  readonly #events: ChaosEvent[] = [];
  readonly #counts = new Map<string, number>();

  /** Ms since the beginning. */
  now(): number {
    return Date.now() - this.began;
  }

  /** Ms since the beginning of a wall time. */
  at(wallMs: number): number {
    return wallMs - this.began;
  }

  add(event: ChaosEvent): void {
    this.#events.push(event);
    const kind = 'outcome' in event ? `${event.type} ${event.outcome}` : event.type;
    this.#counts.set(kind, this.count(kind) + 1);
  }

  /** How many there are of a type, or of a type with an outcome: `query ok`. */
  count(kind: string): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** In the order of their time. */
  get events(): readonly ChaosEvent[] {
    return this.#events.toSorted((a, b) => a.at - b.at);
  }

  /** The newest ones, as they came. */
  get recent(): readonly ChaosEvent[] {
    return this.#events.slice(-RECENT);
  }
}
