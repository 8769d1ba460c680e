import { BenchError } from '../../../harness/bench-error.js';
import type { Candidate, CandidatePool } from './candidate-pool.js';
import type { Elected, ElectionSetup } from './protocol.js';

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

  /** The next election of a candidate. Throws `WRONG_REPLY` if its term is not above all that were seen. */
  async elected(candidate: Candidate): Promise<Elected> {
    const elected = await candidate.call('elected', null);
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

function there(candidate: Candidate | null): Candidate {
  if (candidate === null) throw new Error('there is no such candidate');
  return candidate;
}
