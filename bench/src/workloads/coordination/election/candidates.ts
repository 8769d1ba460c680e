import { BenchError } from '../../../harness/bench-error.js';
import type { Candidate, CandidatePool } from './candidate-pool.js';
import type { Elected, ElectionSetup } from './protocol.js';

/** Longer than any lease here, ms. etcd3 may miss that the term before has ended, and waits for ever then. */
const MOST_WAIT_MS = 15_000;

/** Two processes that stand for the leadership of one group: who leads, and who waits. */
export class Candidates implements AsyncDisposable {
  readonly #setup: ElectionSetup;
  readonly #pool: CandidatePool;
  readonly #all: Candidate[] = [];
  #leader: Candidate | null = null;
  #successor: Candidate | null = null;
  #term = 0n;

  private constructor(setup: ElectionSetup, pool: CandidatePool) {
    this.#setup = setup;
    this.#pool = pool;
  }

  static async start(setup: ElectionSetup, pool: CandidatePool): Promise<Candidates> {
    const candidates = new Candidates(setup, pool);
    try {
      candidates.#leader = await candidates.#add();
      await candidates.elected(candidates.leader);
      candidates.#successor = await candidates.#add();
    } catch (error) {
      await candidates[Symbol.asyncDispose]();
      throw error;
    }
    return candidates;
  }

  get leader(): Candidate {
    return there(this.#leader);
  }

  get successor(): Candidate {
    return there(this.#successor);
  }

  /**
   * The next election of a candidate. Throws `WRONG_REPLY` if its term is not above all that were seen, `CHILD_FAILED` if
   * it does not come within 15 s.
   */
  async elected(candidate: Candidate): Promise<Elected> {
    const elected = await inTime(candidate.call('elected', null));
    if (elected.term <= this.#term)
      throw new BenchError('WRONG_REPLY', `term ${elected.term} came after term ${this.#term}`);
    this.#term = elected.term;
    return elected;
  }

  /** The successor leads now, and the former leader waits. */
  swap(): void {
    [this.#leader, this.#successor] = [this.#successor, this.#leader];
  }

  /** The leader is gone, the successor leads, and a new process waits. */
  async replaceLeader(): Promise<void> {
    this.#leader = this.#successor;
    this.#successor = await this.#add();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((one) => this.#pool.giveBack(one)));
  }

  async #add(): Promise<Candidate> {
    const candidate = await this.#pool.take();
    this.#all.push(candidate);
    await candidate.call('stand', this.#setup);
    return candidate;
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(
      () => reject(new BenchError('CHILD_FAILED', `no candidate was elected within ${MOST_WAIT_MS} ms`)),
      MOST_WAIT_MS,
    );
    work.then(resolve, reject).finally(() => clearTimeout(tooLate));
  });
}

function there(candidate: Candidate | null): Candidate {
  if (candidate === null) throw new Error('there is no such candidate');
  return candidate;
}
