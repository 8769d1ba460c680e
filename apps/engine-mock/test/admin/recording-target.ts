import type { AdminState, AdminTarget } from '../../src/admin/admin-target.js';
import type { Colour } from '../../src/colour.js';
import { EngineMockError } from '../../src/engine-mock-error.js';
import type { SwitchRequest } from '../../src/switching/switcher.js';

/** A target that keeps what it is asked for. */
export class RecordingTarget implements AdminTarget {
  readonly asked: unknown[] = [];
  /** Thrown by the next change. */
  failure: unknown;
  #faults: unknown = {};

  switch(request: SwitchRequest): void {
    this.#ask('switch', request);
  }

  state(): AdminState {
    return {
      active: 'green',
      phase: 'drain',
      suspended: false,
      generation: { blue: 1, green: 2 },
      sessions: { blue: 3, green: 4 },
      runningQueries: { blue: 5, green: 6 },
      calls: { authenticate: { blue: 7, green: 8 } },
      mismatches: { blue: 9, green: 10, none: 11 },
      executions: { 'SELECT 1': 12 },
    };
  }

  setFaults(plan: unknown): void {
    this.#ask('setFaults', plan);
    this.#faults = plan;
  }

  faults(): unknown {
    return this.#faults;
  }

  expireSessions(colour?: Colour): number {
    this.#ask('expireSessions', colour);
    return 7;
  }

  killConnections(): number {
    this.#ask('killConnections');
    return 2;
  }

  suspend(): void {
    this.#ask('suspend');
  }

  resume(): void {
    this.#ask('resume');
  }

  #ask(...what: readonly unknown[]): void {
    if (this.failure !== undefined) throw this.failure;
    this.asked.push(what);
  }
}

export const REFUSED: EngineMockError = new EngineMockError('SWITCH_REFUSED', 'green is active already');
