import { onTestFinished } from 'vitest';
import { type Random, shuffled } from '../seeded-random.js';
import { CoordinationWorker, type Stop } from './coordination-worker.js';
import type { GuardedStore } from './guarded-store.js';
import { pause } from './now.js';
import { soon } from './patience.js';
import type { Tally, Work, WorkerConfig } from './worker/protocol.js';

export interface FleetOptions {
  readonly url: string;
  readonly store: GuardedStore;
  /** Workers at any time. */
  readonly size: number;
  readonly works: readonly Work[];
  readonly seed: number;
  readonly options: WorkerConfig['options'];
}

/** So many acts of each kind, in an order of chance. */
export interface HavocOptions {
  /** `kill -9`. */
  readonly kills: number;
  /** SIGSTOP for a while. */
  readonly stops: number;
  readonly random: Random;
}

/** Processes that are loaded and wait to take the place of one that dies. */
const SPARES = 2;
const LEAST_LIVING = 2;
/** In leases. */
const LONGEST_STOP = 1.6;
/** Between two acts, ms. */
const LEAST_REST_MS = 60;
const REST_SPREAD_MS = 200;

/** Processes that do the same work, of which some die and are replaced, and some stand still for a while. */
export class Fleet {
  kills = 0;
  pauses = 0;
  /** What went wrong with processes, in words: an end that nobody asked for, something left behind. */
  readonly mishaps: string[] = [];
  readonly #o: FleetOptions;
  readonly #all: CoordinationWorker[] = [];
  readonly #spares: CoordinationWorker[] = [];
  readonly #living = new Set<CoordinationWorker>();
  readonly #background: Promise<unknown>[] = [];
  readonly #fills: Promise<void>[] = [];
  #isOver = false;

  private constructor(o: FleetOptions) {
    this.#o = o;
    onTestFinished(() => {
      this.#isOver = true;
      for (const worker of this.#all) worker.settle();
    });
  }

  /** Resolves when all are at work. */
  static async start(o: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(o);
    for (let at = 0; at < o.size + SPARES; at++) fleet.#load();
    await Promise.all(Array.from({ length: o.size }, () => fleet.#fill()));
    return fleet;
  }

  /** Times in which workers stood still. */
  get stops(): readonly Stop[] {
    return this.#all.flatMap((worker) => worker.stops);
  }

  /**
   * One act after the other: some worker is killed, and a spare one takes its place, or it is stopped for up to one
   * lease and a half, while others may be stopped as well.
   */
  async havoc({ kills, stops, random }: HavocOptions): Promise<void> {
    const { lockTtlMs = 0 } = this.#o.options;
    const acts = [...Array<'kill'>(kills).fill('kill'), ...Array<'stop'>(stops).fill('stop')];
    for (const act of shuffled(acts, random)) {
      // Acts are to hit somebody, however long a spare process takes on a busy machine.
      if (this.#living.size < LEAST_LIVING) await Promise.all(this.#fills);
      const stopMs = random() * LONGEST_STOP * lockTtlMs;
      const worker = [...this.#living][Math.floor(random() * this.#living.size)];
      if (worker && act === 'kill') this.#replace(worker);
      else if (worker) this.#stop(worker, stopMs);
      await pause(LEAST_REST_MS + random() * REST_SPREAD_MS);
    }
  }

  /** Lets all go on, and end their rounds. */
  async calm(): Promise<Tally[]> {
    for (const worker of this.#all) worker.settle();
    await Promise.all([...this.#background, ...this.#fills]);
    return Promise.all(
      [...this.#living].map((worker) =>
        soon(`${worker.memberId} has ended its rounds`, worker.line.call('calm')),
      ),
    );
  }

  /** Stops all in good order; each process then has to end by itself. */
  async stop(): Promise<void> {
    this.#isOver = true;
    const faults = await Promise.all(
      [...this.#living].map((worker) => soon(`${worker.memberId} has ended`, worker.stop())),
    );
    this.mishaps.push(...faults.flat());
    await Promise.all(this.#spares.map((worker) => worker.kill()));
  }

  #replace(worker: CoordinationWorker): void {
    this.kills++;
    this.#living.delete(worker);
    this.#background.push(worker.kill());
    if (this.#isOver) return;
    this.#load();
    this.#fills.push(this.#fill());
  }

  #stop(worker: CoordinationWorker, ms: number): void {
    this.pauses++;
    this.#background.push(worker.pauseUntil(pause(ms)));
  }

  #load(): void {
    const worker = new CoordinationWorker(`w${this.#all.length}`, { store: this.#o.store });
    this.#all.push(worker);
    this.#spares.push(worker);
    void worker.app.ended.then(({ code, stderr }) => {
      if (code !== null && code !== 0) this.mishaps.push(`${worker.memberId} ended with ${code}: ${stderr}`);
    });
  }

  async #fill(): Promise<void> {
    const worker = this.#spares.shift();
    if (!worker) throw new Error('no spare process is left');
    const { url, seed, options, works } = this.#o;
    const at = this.#all.indexOf(worker);
    // Every other one joins again what it was evicted from.
    await worker.begin({ url, seed: seed + at, options: { ...options, rejoin: at % 2 === 1 } });
    await worker.line.call('work', works);
    this.#living.add(worker);
  }
}
