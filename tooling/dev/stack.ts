import { setTimeout as sleep } from 'node:timers/promises';
import { banner } from './banner.js';
import type { DataFolder } from './data-folder.js';
import { DevError } from './dev-error.js';
import { untilHealthy } from './http-look.js';
import { LogLines } from './log-lines.js';
import { requireFree } from './ports.js';
import { PROGRAMS } from './programs.js';
import { type Addresses, Servers } from './servers.js';
import type { Settings } from './settings.js';
import { type WorkerPlace, Workers } from './workers.js';

const LAUNCHER = 'dev';
const WORKERS = ['worker-1', 'worker-2', 'worker-3'];
/** Ms until everything answers; a leader may also have to wait for the lease of one that died before. */
const READY_MS = 60_000;
/** Ms that the programs of a killed launcher get to end. */
const LEFT_OVER_MS = 10_000;
const LOOK_EVERY_MS = 100;

export interface StackOptions {
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly cwd: string;
  readonly colour: boolean;
  readonly write: (text: string) => void;
}

/** All programs together: servers first, then workers, and the other way round at the end. */
export class Stack {
  readonly #o: StackOptions;
  readonly #log: LogLines;
  readonly #servers: Servers;
  #workers: Workers | null = null;
  /** Ends the stack for a reason of its own. */
  readonly #failed = new AbortController();
  #waitsFor = 'its ports';

  constructor(o: StackOptions) {
    this.#o = o;
    this.#log = new LogLines([LAUNCHER, 'cluster-sim', 'engine-mock', ...WORKERS], o.colour);
    this.#servers = new Servers({
      settings: o.settings,
      onLine: (name, line) => this.#show(name, line),
      onFailure: (error) => this.#failed.abort(error),
    });
  }

  /**
   * Runs until the signal aborts, and then ends everything in good order.
   *
   * @throws DevError when it could not start, or a server died.
   */
  async run(stop: AbortSignal): Promise<void> {
    const over = AbortSignal.any([stop, this.#failed.signal]);
    try {
      await this.#start(over);
      await new Promise<void>((resolve) => {
        if (over.aborted) resolve();
        over.addEventListener('abort', () => resolve(), { once: true });
      });
    } catch (error) {
      if (!over.aborted) throw error;
    } finally {
      if (stop.aborted) this.say('stopping, the workers first; a second Ctrl-C ends everything at once');
      await this.#workers?.stop();
      await this.#servers.stop();
      this.#o.folder.release();
    }
    if (!stop.aborted) this.#failed.signal.throwIfAborted();
  }

  /** Ends everything without waiting for any order. */
  kill(): void {
    this.#workers?.kill();
    this.#servers.kill();
  }

  say(text: string): void {
    this.#show(LAUNCHER, JSON.stringify({ level: 30, time: Date.now(), msg: text }));
  }

  async #start(over: AbortSignal): Promise<void> {
    const { settings, folder, colour, cwd, write } = this.#o;
    const readyMs = READY_MS + settings.leaseMs;
    const late = AbortSignal.timeout(readyMs);
    const signal = AbortSignal.any([over, late]);
    try {
      if (folder.wasLeft)
        this.say('the last stack was killed; what it began is in the journal and is ended now');
      await requireFree(settings.ports, folder.wasLeft ? LEFT_OVER_MS : 0, signal);
      this.#waitsFor = 'cluster-sim and engine-mock';
      const addresses = await this.#servers.start(signal);
      const [workers, leader] = await this.#startWorkers(addresses, signal);
      write(banner({ settings, addresses, workers, leader, cwd }, colour));
    } catch (error) {
      if (!late.aborted || over.aborted) throw error;
      throw new DevError(
        `not ready after ${readyMs / 1_000} s: still waiting for ${this.#waitsFor}; see the log above`,
      );
    }
  }

  async #startWorkers(
    addresses: Addresses,
    signal: AbortSignal,
  ): Promise<readonly [readonly WorkerPlace[], WorkerPlace]> {
    const workers = new Workers({
      names: WORKERS,
      program: PROGRAMS.job,
      env: this.#workerEnv(addresses),
      port: this.#o.settings.workerPort,
      onLine: (name, line) => this.#show(name, line),
      say: (text) => this.say(text),
      onFailure: (error) => this.#failed.abort(error),
    });
    this.#workers = workers;
    workers.start();
    this.#waitsFor = 'the workers';
    while (workers.places.length < WORKERS.length) await sleep(LOOK_EVERY_MS, undefined, { signal });
    await Promise.all(workers.places.map(({ health }) => untilHealthy(`${health}/healthz`, signal)));
    this.#waitsFor = 'a leader';
    for (;;) {
      const leader = await workers.leader(signal);
      if (leader !== undefined) return [workers.places, leader];
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  /** The servers of this stack, unless the environment names others. */
  #workerEnv({ cluster, engine, engineAdmin }: Addresses): NodeJS.ProcessEnv {
    const { env } = this.#o.settings;
    const nodes = ['node01', 'node02', 'node03'].map((name) => `${name}=${cluster}/v1`).join(',');
    return {
      ...env,
      HOLDFAST_NODES: env['HOLDFAST_NODES'] || nodes,
      HOLDFAST_ENGINE: env['HOLDFAST_ENGINE'] || engine,
      HOLDFAST_ENGINE_ADMIN: env['HOLDFAST_ENGINE_ADMIN'] || new URL(engineAdmin).host,
    };
  }

  #show(name: string, line: string): void {
    this.#o.write(this.#log.render(name, line));
  }
}
