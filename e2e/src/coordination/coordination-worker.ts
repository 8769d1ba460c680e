import { once } from 'node:events';
import { AppProcess, type Ended } from '../app-process.js';
import type { GuardedStore } from './guarded-store.js';
import { Line } from './line.js';
import { now } from './now.js';
import type { ParentCalls, WorkerCalls, WorkerConfig } from './worker/protocol.js';

/** A time in which a worker stood still; CLOCK_MONOTONIC in ms. */
export interface Stop {
  readonly worker: string;
  readonly from: number;
  readonly to: number;
}

/** A process with a coordinator of its own, whose locks guard the test's store. */
export class CoordinationWorker {
  readonly app: AppProcess;
  readonly memberId: string;
  readonly line: Line<ParentCalls, WorkerCalls>;
  /** When it was stopped by a signal, and resumed. */
  readonly stops: Stop[] = [];
  /** Pauses under way. */
  #paused = 0;
  readonly #settling = new AbortController();
  readonly #settled = once(this.#settling.signal, 'abort').then(() => {});

  /** Loads the program; `begin` makes it a member. */
  constructor(
    memberId: string,
    o: { readonly store: GuardedStore; readonly onLooking?: (fence: number) => void },
  ) {
    const { store, onLooking } = o;
    this.memberId = memberId;
    this.app = new AppProcess({ program: 'e2e/src/coordination/worker/main.ts', ipc: true });
    this.line = new Line<ParentCalls, WorkerCalls>({
      send: (message) => this.app.child.send(Object(message), () => {}),
      handlers: {
        ...store.handlers,
        stopMe: async (key, fence) => {
          await this.pauseUntil(store.passed(key, fence));
          return null;
        },
        looking: (fence) => {
          onLooking?.(fence);
          return null;
        },
      },
    });
    this.app.child.on('message', (message) => this.line.take(message));
    void this.app.ended.then(({ stderr }) => this.line.cut(new WorkerGone(memberId, stderr)));
  }

  /** Resolves when its coordinator is started. Rejects with `WorkerGone` when the process ends before. */
  async begin(config: Omit<WorkerConfig, 'memberId'>): Promise<this> {
    await this.line.call('begin', { ...config, memberId: this.memberId });
    return this;
  }

  /** kill -9. */
  kill(): Promise<Ended> {
    return this.app.end('SIGKILL');
  }

  /** SIGSTOP until `until` resolves, or `settle` was called; then SIGCONT, unless another pause goes on. */
  async pauseUntil(until: Promise<void>): Promise<void> {
    if (this.#settling.signal.aborted) return;
    this.#paused++;
    const from = now();
    this.app.signal('SIGSTOP');
    await Promise.race([until, this.#settled, this.app.ended]);
    // Noted before it can go on.
    this.stops.push({ worker: this.memberId, from, to: now() });
    if (--this.#paused === 0) this.app.signal('SIGCONT');
  }

  /** Ends all pauses; no more begin. */
  settle(): void {
    this.#settling.abort();
  }

  /** Stops the coordinator; resolves, when the process has ended by itself, with what is wrong about that. */
  async stop(): Promise<string[]> {
    const left = await this.line.call('stop');
    const faults = left.map((resource) => `${this.memberId} stopped and left a ${resource}`);
    const { code, signal, stderr } = await this.app.ended;
    if (code !== 0) faults.push(`${this.memberId} ended with ${code ?? signal}: ${stderr}`);
    return faults;
  }
}

/** The process has ended. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';

  constructor(memberId: string, stderr: string) {
    super(`worker ${memberId} has ended${stderr === '' ? '' : `: ${stderr}`}`);
  }
}
