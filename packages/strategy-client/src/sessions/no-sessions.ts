import { status } from '@grpc/grpc-js';
import type { Clock } from '../clock.js';
import type { StrategyClientError } from '../errors.js';
import type { Switchboard } from '../manager/switchboard.js';
import type { Random } from '../random.js';
import { finalError } from '../recovery/final-error.js';
import { type Failure, LOSSES } from '../recovery/grpc-failure.js';
import { backoffMs, MOST_DOUBLINGS_OF_MISMATCH } from '../routing/backoff.js';
import type { Ticket } from '../routing/candidate.js';
import type { Strategy } from '../strategy.js';
import type { Opening } from './opening.js';
import type { SessionSource, Trial, Trials, TrialVerdict } from './session-source.js';

/** What `NoSessions` works with. */
export interface NoSessionsOptions {
  readonly board: Switchboard;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * For services without sessions. There is nothing to authenticate with, so a call probes: the first that goes to no
 * pinned deployment after an announcement, or the first that the target has refused. One at a time, and after a refusal
 * not without a pause.
 */
export class NoSessions implements SessionSource<null>, Trials {
  readonly needsCalls = true;
  readonly #o: NoSessionsOptions;
  readonly #sides: Record<Strategy, Side> = { blue: new Side(), green: new Side() };
  /** The number of the candidate that a call is probing. */
  #probed = 0;
  #unschedule: (() => void) | null = null;
  #closed = false;

  constructor(o: NoSessionsOptions) {
    this.#o = o;
  }

  get trials(): Trials {
    return this;
  }

  get(): null {
    return null;
  }

  async open(): Promise<Opening<null>> {
    return { kind: 'open', session: null };
  }

  refusalOf(strategy: Strategy): StrategyClientError | undefined {
    return this.#sides[strategy].refusal;
  }

  forget(): void {}

  /** Lets the calls that wait for the candidate probe it, as soon as it is time. */
  probe(): void {
    const { board, clock } = this.#o;
    const { candidate } = board.routing;
    if (!candidate?.prober.needsCalls) return;
    const wait = this.#sides[candidate.strategy].notBefore - clock.monotonic();
    if (wait > 0) this.#nudgeIn(wait);
    else board.routing.nudge();
  }

  claim(o: { readonly isHeld: boolean; readonly isSlow: boolean }): Trial | null {
    const { candidate } = this.#o.board.routing;
    if (!candidate?.prober.needsCalls) return null;
    const { strategy, proof } = candidate;
    const wait = this.#sides[strategy].notBefore - this.#o.clock.monotonic();
    if (wait > 0) {
      if (o.isHeld) this.#nudgeIn(wait);
      return null;
    }
    if (o.isSlow) return o.isHeld ? { strategy, proof: 0 } : null;
    if (this.#probed === proof) return null;
    this.#probed = proof;
    return { strategy, proof };
  }

  accepted(trial: Trial, ticket: Ticket, word: Strategy | null): void {
    this.#sides[trial.strategy] = new Side();
    this.#o.board.routing.proved(ticket, word);
    this.#end(trial);
  }

  failed(trial: Trial, ticket: Ticket, failure: Failure): TrialVerdict {
    const verdict = verdictOf(failure);
    if (verdict === 'accepted') {
      this.accepted(trial, ticket, null);
      return verdict;
    }
    const { routing } = this.#o.board;
    const side = this.#sides[trial.strategy];
    const isMismatch = failure.kind === 'mismatch';
    this.#backOff(side, isMismatch ? MOST_DOUBLINGS_OF_MISMATCH : Infinity);
    side.refusal = verdict === 'refused' && !isMismatch ? finalError('a probing call', failure) : undefined;
    if (verdict === 'lost') routing.undecided();
    else routing.refused(ticket, isMismatch ? 'mismatch' : 'password');
    this.#end(trial);
    return verdict;
  }

  abandoned(trial: Trial): void {
    this.#end(trial);
  }

  close(): void {
    this.#closed = true;
    this.#unschedule?.();
  }

  /** If nothing is decided, another call may try. */
  #end(trial: Trial): void {
    if (this.#probed === trial.proof) this.#probed = 0;
    this.probe();
  }

  #backOff(side: Side, mostDoublings: number): void {
    const { retryBaseMs: baseMs, retryMaxMs: maxMs, random, clock } = this.#o;
    side.failures++;
    const pause = backoffMs(Math.min(side.failures, mostDoublings), { baseMs, maxMs, random });
    side.notBefore = clock.monotonic() + pause;
  }

  #nudgeIn(ms: number): void {
    if (this.#closed || this.#unschedule !== null) return;
    this.#unschedule = this.#o.clock.schedule(ms, () => {
      this.#unschedule = null;
      this.probe();
    });
  }
}

/**
 * A refusal that says that nothing was done lets the call go elsewhere: the new deployment may not have the method yet, or
 * stand behind a door of its own.
 */
function verdictOf(failure: Failure): TrialVerdict {
  if (LOSSES.has(failure.kind)) return 'lost';
  const isRefused =
    failure.kind === 'mismatch' || failure.kind === 'refused' || failure.code === status.UNIMPLEMENTED;
  return isRefused ? 'refused' : 'accepted';
}

/** What is known of one deployment. */
class Side {
  refusal: StrategyClientError | undefined;
  failures = 0;
  /** Monotonic time before which no call probes. */
  notBefore = 0;
}
