import type { Clock } from '../../../src/clock.js';
import type { Choice, ChoiceSource } from './choice.js';

const EPOCH_MS = 1_767_225_600_000;

/** Virtual time, shared by all processes of a run. It moves when the scheduler lets the next timer fire, and not else. */
export class SimClock implements Clock, ChoiceSource {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();

  now(): number {
    return EPOCH_MS + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#nowMs + Math.max(delayMs, 1), action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Nothing happens for so long; only where no timer is set. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }

  choices(): readonly Choice[] {
    let next: { readonly at: number; readonly action: () => void } | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined) return [];
    const timer = next;
    return [
      {
        kind: 'time',
        label: 'time passes',
        take: () => {
          this.#timers.delete(timer);
          this.#nowMs = Math.max(this.#nowMs, timer.at);
          timer.action();
        },
      },
    ];
  }
}
