import assert from 'node:assert/strict';
import { systemClock } from '../clock.js';
import type { DriverDefinition } from '../driver/index.js';
import type { Id } from '../ids.js';
import { type Coordinator, type CoordinatorOptions, getCoordinator } from '../index.js';
import { systemRandom } from '../random.js';
import { Probe, type ProbeOptions } from './probe.js';
import type { Backend, ConformanceTarget } from './target.js';
import { pause } from './until.js';

/** Tests of one area, by title. */
export type Cases = Readonly<Record<string, (t: Trial) => Promise<void>>>;

export interface TrialCoordinatorOptions extends CoordinatorOptions {
  /** Default true: the heart beats from start, as it does for users. */
  readonly heart?: boolean;
}

/** What one test works with: a namespace of its own, and clients that are gone when it ends. */
export class Trial {
  readonly target: ConformanceTarget;
  readonly backend: Backend;
  readonly namespace: string;
  readonly #endings: (() => Promise<unknown>)[] = [];
  #clients = 0;

  constructor(target: ConformanceTarget, backend: Backend) {
    this.target = target;
    this.backend = backend;
    this.namespace = `conformance-${unique()}`;
  }

  get driver(): DriverDefinition {
    return this.target.driver;
  }

  /** A coordinator that has not been started. */
  idle(id: Id, options: CoordinatorOptions = {}): Coordinator {
    return this.at(this.backend.url, id, options);
  }

  /** A coordinator of another URL that has not been started. */
  at(url: string, id: Id, options: CoordinatorOptions = {}): Coordinator {
    const coordinator = getCoordinator(url, id, {
      namespace: this.namespace,
      // A test whose work does not settle fails soon.
      handOverTimeoutMs: 5_000,
      ...(this.target.builtIn ? {} : { driver: this.driver }),
      ...options,
    });
    this.finally(async () => {
      if (coordinator.isStarted) await coordinator.stop();
    });
    return coordinator;
  }

  /** A started coordinator. */
  async coordinator(id: Id, options: TrialCoordinatorOptions = {}): Promise<Coordinator> {
    const { heart, ...rest } = options;
    const coordinator = this.idle(id, rest);
    await coordinator.start(heart === undefined ? {} : { heart });
    return coordinator;
  }

  /** Several started coordinators, one for each id. */
  async coordinators<const Ids extends readonly string[]>(
    ids: Ids,
    options: TrialCoordinatorOptions = {},
  ): Promise<{ [I in keyof Ids]: Coordinator }> {
    const started = [];
    for (const id of ids) started.push(await this.coordinator(id, options));
    return started as { [I in keyof Ids]: Coordinator };
  }

  /** A client of the driver itself. */
  async probe(memberId: string, options: ProbeOptions = {}): Promise<Probe> {
    const probe = await Probe.open(this.driver, {
      url: this.backend.url,
      namespace: this.namespace,
      memberId,
      clientId: `c${++this.#clients}${unique()}`,
      ...options,
    });
    this.finally(() => probe.driver.close());
    return probe;
  }

  /** Done after the test, the last first, whether it passed or not. */
  finally(ending: () => Promise<unknown>): void {
    this.#endings.push(ending);
  }

  /** Runs one test, and fails too when something rejected into the void meanwhile. */
  async run(test: (t: Trial) => Promise<void>): Promise<void> {
    const stray: unknown[] = [];
    const note = (reason: unknown): void => void stray.push(reason);
    process.on('unhandledRejection', note);
    const failures: unknown[] = [];
    try {
      await test(this);
    } catch (error) {
      failures.push(error);
    }
    for (const ending of this.#endings.reverse())
      await ending().catch((error: unknown) => {
        failures.push(error);
      });
    await pause(0);
    process.off('unhandledRejection', note);
    if (failures.length > 0) throw failures[0];
    assert.deepEqual(stray, [], 'a rejection reached nobody');
  }
}

const unique = (): string =>
  `${Math.floor(systemClock.monotonic()).toString(36)}${systemRandom().toString(36).slice(2, 8)}`;
