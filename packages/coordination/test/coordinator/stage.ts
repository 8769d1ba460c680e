import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Coordinator } from '../../src/coordinator.js';
import { getCoordinator } from '../../src/get-coordinator.js';
import type { Logger } from '../../src/logger.js';
import type { CoordinatorOptions } from '../../src/options.js';
import { ManualClock } from '../support/manual-clock.js';
import { Script } from './script.js';

/** Turns of the event loop in which whatever can happen without time passing has happened. */
const REST_TURNS = 30;
let stages = 0;

/** A coordinator and what stands between it and the store. */
export interface Player {
  readonly coordinator: Coordinator;
  readonly script: Script;
  /** What it wrote to its log as a warning or an error. */
  readonly complaints: string[];
}

export interface PlayerOptions extends CoordinatorOptions {
  /** Default false: beats come when the test says so. */
  readonly heart?: boolean;
}

/**
 * Coordinators on one store in memory, in a time that stands still until the test moves it. `close` fails when a timer is
 * left or a promise was rejected that nobody looked at.
 */
export class Stage {
  readonly clock: ManualClock = new ManualClock();
  readonly url: string = `memory:stage-${++stages}`;
  readonly #players: Player[] = [];
  readonly #stray: unknown[] = [];
  readonly #note = (reason: unknown): void => void this.#stray.push(reason);

  constructor() {
    process.on('unhandledRejection', this.#note);
  }

  /** A coordinator that is not started. */
  idle(id: string, options: CoordinatorOptions = {}): Player {
    const script = new Script();
    const complaints: string[] = [];
    const complain = (_: object, message: string): void => void complaints.push(message);
    const logger: Logger = { debug: () => {}, info: () => {}, warn: complain, error: complain };
    const coordinator = getCoordinator(this.url, id, {
      driver: script.driver,
      clock: this.clock,
      logger,
      ...options,
    });
    const player = { coordinator, script, complaints };
    this.#players.push(player);
    return player;
  }

  async player(id: string, { heart = false, ...options }: PlayerOptions = {}): Promise<Player> {
    const player = this.idle(id, options);
    await player.coordinator.start({ heart });
    return player;
  }

  /** Lets all that can happen now happen. */
  async rest(): Promise<void> {
    for (let turns = 0; turns < REST_TURNS; turns++) await turn();
  }

  /** The outcome of a promise that needs no time to pass. */
  async now<T>(promise: Promise<T>): Promise<T> {
    return this.within(0, promise);
  }

  /** The outcome of a promise, as time passes, at most `ms` of it. */
  async within<T>(ms: number, promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    promise.then(done, done);
    const end = this.clock.monotonic() + ms;
    await this.rest();
    while (!settled && this.clock.monotonic() < end) {
      await this.clock.advanceAsync(Math.min(100, end - this.clock.monotonic()));
      await this.rest();
    }
    if (!settled) throw new Error(`not settled within ${ms} ms`);
    return promise;
  }

  /** Whether a promise is still open once all that can happen has happened. */
  async isPending(promise: Promise<unknown>): Promise<boolean> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    promise.then(done, done);
    await this.rest();
    return !settled;
  }

  /** Time passes, and what it brings about comes to rest. */
  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    await this.rest();
  }

  async close(): Promise<void> {
    for (const { script, coordinator } of this.#players) {
      script.free();
      if (coordinator.isStarted) await this.within(120_000, coordinator.stop());
    }
    await this.rest();
    process.off('unhandledRejection', this.#note);
    expect(this.#stray, 'rejections that reached nobody').toEqual([]);
    expect(this.clock.timers, 'timers that are left').toBe(0);
  }
}
