import { Counter, Gauge, Registry } from 'prom-client';
import { COLOURS } from '../colour.js';
import type { AdminState } from './admin-target.js';

/** What `/metrics` shows, in a registry of its own. */
export class EngineMetrics {
  readonly #registry = new Registry();
  readonly #active = this.#gauge('active', '1 for the colour that takes new work.', ['colour']);
  readonly #phase = this.#gauge('phase', '1 for where a switch stands.', ['phase']);
  readonly #suspended = this.#gauge('suspended', '1 while all calls are answered with 503.', []);
  readonly #generation = this.#gauge('generation', 'How often a deployment has been started.', ['colour']);
  readonly #sessions = this.#gauge('sessions', 'Open sessions.', ['colour']);
  readonly #running = this.#gauge('running_queries', 'Queries between prepare and clear.', ['colour']);
  readonly #calls = this.#counter('calls_total', 'Calls given to a deployment.', ['rpc', 'colour']);
  readonly #mismatches = this.#counter(
    'mismatches_total',
    'Calls refused with 456, by the colour they named.',
    ['colour'],
  );

  /** The content type of `show`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text for a state. */
  show(state: AdminState): Promise<string> {
    this.#registry.resetMetrics();
    this.#phase.set({ phase: state.phase }, 1);
    this.#suspended.set(state.suspended ? 1 : 0);
    for (const colour of COLOURS) {
      this.#active.set({ colour }, state.active === colour ? 1 : 0);
      this.#generation.set({ colour }, state.generation[colour]);
      this.#sessions.set({ colour }, state.sessions[colour]);
      this.#running.set({ colour }, state.runningQueries[colour]);
    }
    for (const colour of [...COLOURS, 'none'] as const)
      this.#mismatches.inc({ colour }, state.mismatches[colour]);
    for (const [rpc, counts] of Object.entries(state.calls)) {
      for (const colour of COLOURS) this.#calls.inc({ rpc, colour }, counts[colour]);
    }
    return this.#registry.metrics();
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> {
    return new Gauge({
      name: `engine_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({
      name: `engine_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    });
  }
}
