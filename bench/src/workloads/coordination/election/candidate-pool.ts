import { fileURLToPath } from 'node:url';
import { Worker } from '../../../harness/worker.js';
import type { ElectionWorker } from './protocol.js';

const SCRIPT = fileURLToPath(new URL('./worker.ts', import.meta.url));

export type Candidate = Worker<ElectionWorker>;

/** Processes that stand for elections, one election after the other; they end with the pool. */
export class CandidatePool implements AsyncDisposable {
  readonly #signal: AbortSignal;
  readonly #from: readonly string[];
  readonly #all: Candidate[] = [];
  #idle: Candidate[] = [];

  /** `from`: arguments for node by which they get the package. */
  constructor(from: readonly string[], signal: AbortSignal) {
    this.#from = from;
    this.#signal = signal;
  }

  async take(): Promise<Candidate> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    const worker = await Worker.start<ElectionWorker>({
      script: SCRIPT,
      from: this.#from,
      signal: this.#signal,
    });
    this.#all.push(worker);
    return worker;
  }

  /** Ends its candidacy. One that is gone, or that cannot end it in order, is not given out again. */
  async giveBack(candidate: Candidate): Promise<void> {
    const isFit = await candidate.call('close', null).then(
      () => true,
      () => false,
    );
    if (isFit) this.#idle.push(candidate);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#idle = [];
    await Promise.all(this.#all.map((one) => one[Symbol.asyncDispose]()));
  }
}
