import type { Clock } from '../clock.js';
import { otherStrategy, type Strategy } from '../strategy.js';
import type { Candidate, Prober, Ticket } from './candidate.js';

/** Why the target moved. */
export type SwitchReason =
  /** A probe of the announced deployment succeeded. */
  | 'probe'
  /** Another process proved it and wrote it into the shared store. */
  | 'store'
  /** `setActiveStrategy` or `applyPendingStrategy`. */
  | 'caller';

/** What a routing target tells its manager. */
export interface RoutingListener {
  confirmed(strategy: Strategy): void;
  nominated(strategy: Strategy): void;
  moved(from: Strategy, to: Strategy, reason: SwitchReason): void;
}

/**
 * The routing target: where new calls go, and the candidate that may take its place (engine-wire 4c). All of it is
 * synchronous, so that nothing changes between two awaits of its users.
 *
 * The target is never empty. Before the first answer, after expiry and after `forget()` it is a guess that the next call
 * has to confirm by an authentication.
 */
export class Routing {
  readonly #clock: Clock;
  readonly #cacheTimeoutMs: number;
  readonly #listener: RoutingListener;
  #target: Strategy;
  /** Monotonic time of the latest answer that confirmed the target; null while it is a guess. */
  #confirmedAt: number | null = null;
  #candidate: Candidate | null = null;
  /** The target has answered 456 since it was confirmed. */
  #isRefused = false;
  /** How many words have been heard; what was sent before the latest is not newer than it. */
  #words = 0;
  #proofs = 0;
  #waiting: ((wasNudged: boolean) => void)[] = [];

  constructor(o: { clock: Clock; cacheTimeoutMs: number; guess: Strategy; listener: RoutingListener }) {
    this.#clock = o.clock;
    this.#cacheTimeoutMs = o.cacheTimeoutMs;
    this.#target = o.guess;
    this.#listener = o.listener;
  }

  get target(): Strategy {
    return this.#target;
  }

  /** Monotonic time in ms of the latest answer that confirmed the target; null while it is a guess. */
  get confirmedAt(): number | null {
    return this.#confirmedAt;
  }

  get candidate(): Candidate | null {
    return this.#candidate;
  }

  /** Whether the target was confirmed within the cache's timeout. */
  get isConfirmed(): boolean {
    return this.#confirmedAt !== null && this.#clock.monotonic() - this.#confirmedAt <= this.#cacheTimeoutMs;
  }

  /** A call is sent to `strategy` now. */
  sent(strategy: Strategy, mayProve: boolean): Ticket {
    const candidate = this.#candidate;
    const proof = mayProve && candidate?.strategy === strategy ? candidate.proof : 0;
    return { strategy, words: this.#words, proof };
  }

  /** A reply arrived; `word` is the deployment that it announces, null where it announces none. */
  heard(ticket: Ticket, word: Strategy | null, prober: Prober): void {
    if (word === null) {
      if (ticket.strategy === this.#target && ticket.words === this.#words) this.#confirm();
      return;
    }
    if (word !== this.#target) {
      if (ticket.strategy === this.#target) this.#confirm();
      this.nominate(word, prober);
    } else if (this.#isRefused && this.#isProof(ticket)) {
      // What it names refuses calls, and it takes them itself: calls go there, until what it names takes them too.
      this.move(ticket.strategy, 'probe');
      this.nominate(word, prober);
    } else if (ticket.words === this.#words) {
      this.#close();
      this.#confirm();
    } else this.#doubt();
  }

  /** A probing call succeeded, and `heard` has taken in what it said. */
  proved(ticket: Ticket, word: Strategy | null): void {
    if (word !== null && word !== ticket.strategy) return;
    if (this.#isProof(ticket)) this.move(ticket.strategy, 'probe');
  }

  /** A probing call was refused: 456, or a password that this deployment does not take. */
  refused(ticket: Ticket, why: 'mismatch' | 'password'): void {
    if (this.#candidate?.strategy !== ticket.strategy) return;
    // Named again since the probe was sent: what it found may be out of date.
    if (why === 'mismatch' && ticket.words !== this.#words) this.#wake();
    else this.#close();
  }

  /** A probe was lost: nothing is decided, but who waits may want to give up. */
  undecided(): void {
    this.#wake();
  }

  /** A call that may go anywhere got 456 from `strategy`. True: wait for the decision; false: the target is elsewhere already. */
  mismatched(strategy: Strategy, prober: Prober): boolean {
    if (this.#target !== strategy) return false;
    this.#isRefused = true;
    if (this.#candidate === null) this.nominate(otherStrategy(strategy), prober);
    else if (this.#takeOver(prober)) prober.probe();
    return true;
  }

  /** Makes `strategy` the candidate: it is probed, and becomes the target when the probe succeeds. */
  nominate(strategy: Strategy, prober: Prober): void {
    this.#words++;
    if (this.#candidate?.strategy !== strategy) {
      this.#candidate = { strategy, prober, proof: ++this.#proofs };
      this.#listener.nominated(strategy);
    } else this.#takeOver(prober);
    this.#candidate.prober.probe();
  }

  /** Makes `strategy` the target, unconditionally. */
  move(strategy: Strategy, reason: SwitchReason): void {
    const from = this.#target;
    this.#target = strategy;
    this.#confirm();
    this.#close();
    if (from !== strategy) this.#listener.moved(from, strategy, reason);
  }

  /** Another process has proved `strategy`. What is under way was sent before that word. */
  adopt(strategy: Strategy): void {
    this.#words++;
    const candidate = this.#candidate;
    const from = this.#target;
    this.#target = strategy;
    this.#confirm();
    if (candidate?.strategy === strategy) this.#close();
    else this.#wake();
    if (from !== strategy) this.#listener.moved(from, strategy, 'store');
  }

  /** A better guess, as long as nobody has confirmed another. */
  guess(strategy: Strategy): void {
    if (this.#confirmedAt !== null || this.#candidate !== null) return;
    this.#target = strategy;
    this.#isRefused = false;
  }

  /** The target becomes a guess that has to be confirmed; a candidate is dropped. */
  forget(): void {
    this.#confirmedAt = null;
    this.#isRefused = false;
    this.#close();
  }

  /** Drops the candidate. */
  withdraw(): void {
    this.#close();
  }

  /** `prober` is no more: somebody else probes what it had to. */
  retire(prober: Prober, heir: Prober | undefined): void {
    if (this.#candidate?.prober !== prober) return;
    if (heir === undefined) this.#close();
    else {
      this.#candidate = { ...this.#candidate, prober: heir };
      heir.probe();
    }
  }

  /** Calls that wait for the decision may probe by themselves now; to those that can't it means nothing. */
  nudge(): void {
    this.#wake(true);
  }

  /**
   * Resolves at once when there is no candidate, else at the next event that may have decided on it; to true when it was
   * but a nudge.
   */
  decision(): Promise<boolean> {
    if (this.#candidate === null) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Whether what was sent with this ticket probes the present candidate. */
  #isProof(ticket: Ticket): boolean {
    const candidate = this.#candidate;
    return candidate?.strategy === ticket.strategy && candidate.proof === ticket.proof;
  }

  #confirm(): void {
    this.#isRefused = false;
    const now = this.#clock.monotonic();
    const before = this.#confirmedAt;
    this.#confirmedAt = now;
    if (before === null || now - before > this.#cacheTimeoutMs) this.#listener.confirmed(this.#target);
  }

  /** A prober with probes of its own in place of one that has to wait for a call. */
  #takeOver(prober: Prober): boolean {
    if (prober.needsCalls || !this.#candidate?.prober.needsCalls) return false;
    this.#candidate = { ...this.#candidate, prober };
    return true;
  }

  /** A word that is concurrent with the candidate's names the target: only a probe that is sent from now on decides. */
  #doubt(): void {
    if (this.#candidate !== null) this.#candidate = { ...this.#candidate, proof: ++this.#proofs };
  }

  /** The candidate has won, has lost or is withdrawn. */
  #close(): void {
    this.#candidate = null;
    this.#wake();
  }

  #wake(wasNudged = false): void {
    for (const resolve of this.#waiting.splice(0)) resolve(wasNudged);
  }
}
