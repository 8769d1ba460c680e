import type { PooledConnection } from '../../src/pool/index.js';
import { type Deferred, deferred } from './deferred.js';

type Step = 'open' | 'ping' | 'close';

/** Something that a connection was asked for and has not answered. */
export interface Pending {
  readonly step: Step;
  readonly number: number;
  done(): void;
  fail(): void;
}

/** A connection whose answers come when the test says so. */
export class ScriptedConnection implements PooledConnection {
  isClosed = false;
  closeCalls = 0;
  readonly #world: ScriptedConnections;
  readonly number: number;

  constructor(world: ScriptedConnections, number: number) {
    this.#world = world;
    this.number = number;
  }

  ping(signal: AbortSignal): Promise<void> {
    return this.#world.ask('ping', this.number, undefined, signal);
  }

  async close(): Promise<void> {
    this.closeCalls += 1;
    this.isClosed = true;
    try {
      await this.#world.ask('close', this.number, undefined);
    } finally {
      this.#world.existing.delete(this);
    }
  }
}

/**
 * Opens scripted connections and knows how many there are. Steps named in `held` wait for the test; all others succeed at
 * once.
 */
export class ScriptedConnections {
  readonly held: ReadonlySet<Step>;
  readonly pending: Pending[] = [];
  readonly existing: Set<ScriptedConnection> = new Set();
  readonly all: ScriptedConnection[] = [];
  /** Most that have existed at a time, those that were being opened included. */
  peak = 0;
  /** Whether what is asked succeeds at once, held or not. */
  automatic = false;

  constructor(...held: Step[]) {
    this.held = new Set(held);
  }

  /** Connections that exist or are being opened. */
  get count(): number {
    return this.existing.size + this.of('open').length;
  }

  of(step: Step): Pending[] {
    return this.pending.filter((one) => one.step === step);
  }

  readonly open = async (signal: AbortSignal): Promise<ScriptedConnection> => {
    const connection = new ScriptedConnection(this, this.all.length);
    this.all.push(connection);
    const asked = this.ask('open', connection.number, connection, signal);
    this.peak = Math.max(this.peak, this.count);
    return asked;
  };

  ask<T>(step: Step, number: number, value: T, signal?: AbortSignal): Promise<T> {
    if (this.automatic || !this.held.has(step)) {
      this.#succeeded(step, value);
      return Promise.resolve(value);
    }
    const answer: Deferred<T> = deferred();
    const settle = (action: () => void): void => {
      this.pending.splice(this.pending.indexOf(pending), 1);
      action();
    };
    const pending: Pending = {
      step,
      number,
      done: () =>
        settle(() => {
          this.#succeeded(step, value);
          answer.resolve(value);
        }),
      fail: () => settle(() => answer.reject(new Error(`${step} ${number} failed`))),
    };
    this.pending.push(pending);
    signal?.addEventListener('abort', () => {
      if (this.pending.includes(pending)) settle(() => answer.reject(signal.reason));
    });
    return answer.promise;
  }

  #succeeded(step: Step, value: unknown): void {
    if (step === 'open' && value instanceof ScriptedConnection) this.existing.add(value);
    this.peak = Math.max(this.peak, this.count);
  }
}
