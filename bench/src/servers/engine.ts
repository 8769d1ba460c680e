import { fileURLToPath } from 'node:url';
import { pause } from '../harness/clock.js';
import { Worker } from '../harness/worker.js';
import type { EngineCounts, EngineSwitch, EngineWorker } from './engine-protocol.js';

const SCRIPT = fileURLToPath(new URL('./engine-worker.ts', import.meta.url));
const POLL_MS = 20;

/** The engine mock, router and both colours, in a process of its own. */
export class EngineProcess implements AsyncDisposable {
  readonly port: number;
  readonly #worker: Worker<EngineWorker>;
  readonly #signal: AbortSignal;

  private constructor(worker: Worker<EngineWorker>, port: number, signal: AbortSignal) {
    this.#worker = worker;
    this.port = port;
    this.#signal = signal;
  }

  /** Starts it on a free loopback port. `from`: arguments for node by which it gets the engine's code. */
  static async start(o: {
    readonly from: readonly string[];
    readonly signal: AbortSignal;
  }): Promise<EngineProcess> {
    const worker = await Worker.start<EngineWorker>({ script: SCRIPT, ...o });
    try {
      return new EngineProcess(worker, await worker.call('open', null), o.signal);
    } catch (error) {
      await worker[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Begins a switch; when that was, by `hostMs`. */
  switch(request: EngineSwitch): Promise<number> {
    return this.#worker.call('switch', request);
  }

  counts(): Promise<EngineCounts> {
    return this.#worker.call('counts', null);
  }

  /** The counts as soon as they are `such`; waits for that without end. */
  async countsWhen(such: (counts: EngineCounts) => boolean): Promise<EngineCounts> {
    for (;;) {
      const counts = await this.counts();
      if (such(counts)) return counts;
      await pause(POLL_MS, this.#signal);
    }
  }

  /** The counts when no query is left. */
  idle(): Promise<EngineCounts> {
    return this.countsWhen(({ runningQueries }) => runningQueries === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.call('close', null).catch(() => {});
    await this.#worker[Symbol.asyncDispose]();
  }
}
