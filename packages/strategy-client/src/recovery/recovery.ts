import type { Clock } from '../clock.js';
import { AuthenticationError, StrategyClientError, StrategyDetectionError } from '../errors.js';
import type { Switchboard } from '../manager/switchboard.js';
import type { Random } from '../random.js';
import { backoffMs } from '../routing/backoff.js';
import type { Ticket } from '../routing/candidate.js';
import type { Opening } from '../sessions/opening.js';
import type { SessionSource, Trial } from '../sessions/session-source.js';
import { sleep, unlessAborted } from '../sleep.js';
import { otherStrategy, type Strategy } from '../strategy.js';
import { finalError } from './final-error.js';
import type { Failure } from './grpc-failure.js';
import type { CallOutcome, RetryPlan } from './plan.js';
import type { Resume } from './resume.js';

/** Where a call goes: a deployment, and the session there. */
export interface Place<S> {
  readonly strategy: Strategy;
  readonly session: S;
}

/** Sends the call once; rejects with its error. */
export type Attempt<S, T> = (place: Place<S>) => Promise<T>;

/** How a call ended, and where, with the session as it was then. */
export type PlacedOutcome<S, T> = CallOutcome<T> & { readonly place: Place<S> };

/** What `Recovery` works with. */
export interface RecoveryOptions<S> {
  readonly board: Switchboard;
  readonly sessions: SessionSource<S>;
  readonly classify: (error: unknown) => Failure;
  /** The deployment that a response announces: null for none, undefined where the response could not tell. */
  readonly announced: (response: unknown) => Strategy | null | undefined;
  readonly resume: Resume | undefined;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The one place in which calls are repeated (engine-wire 4b, 4c). It sits above the stub, so that each attempt can go to
 * another deployment with another session; grpc-js repeats below the metadata and can't.
 */
export class Recovery<S> {
  readonly #o: RecoveryOptions<S>;

  constructor(o: RecoveryOptions<S>) {
    this.#o = o;
  }

  /**
   * Sends a call where the routing target is (`pinned` null) or where its query is pinned, until it has an outcome.
   *
   * @returns the outcome and the place where it was reached, with the session as it is now.
   * @throws AuthenticationError, StrategyDetectionError, QueryFailed, `UNAVAILABLE`, `RESUME_FAILED`,
   * `MESSAGE_TOO_LARGE`, or the signal's reason.
   */
  async run<T>(
    plan: RetryPlan,
    pinned: Place<S> | null,
    o: {
      readonly attempt: Attempt<S, T>;
      readonly signal: AbortSignal | undefined;
      readonly isSlow?: boolean;
    },
  ): Promise<PlacedOutcome<S, T>> {
    const { board, sessions } = this.#o;
    const { routing } = board;
    const run = new Run(plan, pinned, { signal: o.signal, isSlow: o.isSlow ?? false });
    let place = pinned ?? this.#trial(run) ?? this.#routed() ?? (await this.#route(run));
    for (;;) {
      const ticket = routing.sent(place.strategy, run.trial !== null);
      try {
        const value = await o.attempt(place);
        const word = this.#o.announced(value);
        if (word !== undefined) routing.heard(ticket, word, sessions);
        if (run.trial !== null) sessions.trials?.accepted(run.trial, ticket, word ?? null);
        return { kind: 'ok', value, place };
      } catch (error) {
        if (o.signal?.aborted) {
          if (run.trial !== null) sessions.trials?.abandoned(run.trial);
          throw o.signal.reason;
        }
        const next = (await this.#tried(run, ticket, error)) ?? (await this.#recover(run, place, error));
        if ('kind' in next) return { ...next, place };
        place = next;
      }
    }
  }

  /** The candidate, if calls are probes and this one is the next. */
  #trial(run: Run<S>): Place<S> | undefined {
    const { board, sessions } = this.#o;
    if (board.routing.candidate === null || sessions.trials === undefined) return undefined;
    const { isSlow, heldOn } = run;
    run.trial = sessions.trials.claim({ isHeld: heldOn !== null, isSlow });
    if (run.trial === null) return undefined;
    const { strategy } = run.trial;
    const session = sessions.get(strategy);
    return session === undefined ? undefined : { strategy, session };
  }

  /** Ends a trial that failed. Where to send the call next if that costs it nothing; else it is a failure like any other. */
  async #tried(run: Run<S>, ticket: Ticket, error: unknown): Promise<Place<S> | undefined> {
    const { board, sessions } = this.#o;
    const { trial, plan } = run;
    if (trial === null || sessions.trials === undefined) return undefined;
    run.trial = null;
    const failure = this.#o.classify(error);
    const verdict = sessions.trials.failed(trial, ticket, failure);
    if (verdict !== 'refused' || board.routing.target === trial.strategy) return undefined;
    if (failure.kind === 'mismatch') this.#sawMismatch(trial.strategy, plan.rpc);
    if (run.heldOn !== null && board.routing.candidate !== null) this.#count(run, failure);
    return this.#route(run);
  }

  /** The target and its session, if both are there. */
  #routed(): Place<S> | undefined {
    const { routing } = this.#o.board;
    if (!routing.isConfirmed) return undefined;
    const strategy = routing.target;
    const session = this.#o.sessions.get(strategy);
    return session === undefined ? undefined : { strategy, session };
  }

  /** Waits until there is a target with a session. */
  async #route(run: Run<S>): Promise<Place<S>> {
    const { board, sessions } = this.#o;
    if (!board.routing.isConfirmed) await unlessAborted(board.ready, run.signal);
    for (;;) {
      const trial = this.#trial(run);
      if (trial !== undefined) return trial;
      if (run.heldOn !== null) {
        await this.#decision(run, run.heldOn);
        continue;
      }
      const there = this.#routed();
      if (there !== undefined) return there;
      const { target } = board.routing;
      const opening = await unlessAborted(sessions.open(target), run.signal);
      // The target may have moved meanwhile: what happened on the other deployment is no concern of this call.
      if (board.routing.target !== target) continue;
      if (opening.kind === 'open') return { strategy: target, session: opening.session };
      this.#unopened(run, target, opening);
    }
  }

  /** Waits for news of the candidate, after a 456 from `heldOn`. */
  async #decision(run: Run<S>, heldOn: Strategy): Promise<void> {
    const { board, sessions } = this.#o;
    const wasNudged = await unlessAborted(board.routing.decision(), run.signal);
    if (board.routing.candidate !== null && board.routing.target === heldOn) {
      if (!wasNudged) this.#count(run, run.last);
      return;
    }
    run.heldOn = null;
    const refusal = sessions.refusalOf(otherStrategy(heldOn));
    if (board.routing.target === heldOn && refusal !== undefined) throw refusal;
  }

  /** Calls that the target has refused wait while there is a candidate; others go to the target. */
  #hold(run: Run<S>, strategy: Strategy): void {
    const { board, sessions } = this.#o;
    run.heldOn = board.routing.mismatched(strategy, sessions) ? strategy : null;
  }

  /** No session on the target: throws what is final, and counts the rest as an attempt. */
  #unopened(run: Run<S>, strategy: Strategy, opening: Exclude<Opening<S>, { kind: 'open' }>): void {
    if (opening.kind === 'refused' || opening.kind === 'failed') throw opening.error;
    if (opening.kind === 'mismatch') this.#hold(run, strategy);
    this.#count(run, { kind: opening.kind === 'mismatch' ? 'mismatch' : 'after-send', error: opening.error });
  }

  /** Where to send the call next, or how it ends. */
  async #recover(run: Run<S>, place: Place<S>, error: unknown): Promise<Place<S> | CallOutcome<never>> {
    const { plan } = run;
    const failure = this.#o.classify(error);
    switch (failure.kind) {
      case 'mismatch':
        this.#sawMismatch(place.strategy, plan.rpc);
        return this.#mismatched(run, place, failure);
      case 'denied':
        return this.#denied(run, place, failure);
      case 'before-send':
        return this.#again(run, place, failure);
      case 'unavailable-503': {
        const verdict = plan.wakes === false ? undefined : await this.#o.resume?.(error, run.signal);
        return verdict === 'resumed' ? this.#again(run, place, failure) : this.#lost(run, place, failure);
      }
      case 'after-send':
        return this.#lost(run, place, failure);
      case 'not-found':
        if (plan.onNotFound !== 'fail') return { kind: plan.onNotFound, cause: error };
        if (run.pinned !== null) return { kind: 'gone', cause: error };
        throw finalError(plan.rpc, failure);
      default:
        throw finalError(plan.rpc, failure);
    }
  }

  #sawMismatch(strategy: Strategy, rpc: string): void {
    const { counters, events } = this.#o.board;
    counters.mismatches[strategy]++;
    events.emit('mismatch', { strategy, rpc });
  }

  async #mismatched(
    run: Run<S>,
    place: Place<S>,
    failure: Pick<Failure, 'kind' | 'error'>,
  ): Promise<Place<S> | CallOutcome<never>> {
    const { onMismatch } = run.plan;
    if (onMismatch !== 'reroute') return { kind: onMismatch, cause: failure.error };
    this.#count(run, failure);
    this.#hold(run, place.strategy);
    return this.#route(run);
  }

  async #denied(run: Run<S>, place: Place<S>, failure: Failure): Promise<Place<S> | CallOutcome<never>> {
    const { sessions } = this.#o;
    if (run.plan.onDenied === 'renew-once' && run.wasRenewed) return { kind: 'gone', cause: failure.error };
    this.#count(run, failure);
    run.wasRenewed = true;
    sessions.forget(place.strategy, place.session);
    if (!run.isPinnedTo(place.strategy)) return this.#route(run);
    for (;;) {
      const session = sessions.get(place.strategy);
      if (session !== undefined) return { strategy: place.strategy, session };
      const opening = await unlessAborted(sessions.open(place.strategy), run.signal);
      if (opening.kind === 'open') return { strategy: place.strategy, session: opening.session };
      if (opening.kind === 'refused' || opening.kind === 'failed') throw opening.error;
      // A 456 to a re-authentication counts as a 456 to the call.
      if (opening.kind === 'mismatch')
        return this.#mismatched(run, place, { kind: 'mismatch', error: opening.error });
      this.#count(run, { kind: 'after-send', error: opening.error });
    }
  }

  #lost(run: Run<S>, place: Place<S>, failure: Failure): Promise<Place<S>> | CallOutcome<never> {
    if (run.plan.onLost === 'fail') return { kind: 'lost', cause: failure.error };
    return this.#again(run, place, failure);
  }

  /** The same call again after a pause: a pinned one there, another one where the target is then. */
  async #again(run: Run<S>, place: Place<S>, failure: Failure): Promise<Place<S>> {
    const { retryBaseMs: baseMs, retryMaxMs: maxMs, random, clock } = this.#o;
    this.#count(run, failure);
    await sleep(clock, backoffMs(run.failures, { baseMs, maxMs, random }), run.signal);
    return run.isPinnedTo(place.strategy) ? place : this.#route(run);
  }

  /** One attempt more has failed; throws when it was the last. */
  #count(run: Run<S>, failure: Pick<Failure, 'kind' | 'error'>): void {
    const { counters } = this.#o.board;
    run.last = failure;
    if (++run.failures < this.#o.maxAttempts) counters.retries++;
    else throw exhausted(run, run.pinned?.strategy ?? this.#o.board.routing.target);
  }
}

/** What one call remembers over its attempts. */
class Run<S> {
  readonly plan: RetryPlan;
  readonly pinned: Place<S> | null;
  readonly signal: AbortSignal | undefined;
  readonly isSlow: boolean;
  /** The attempt under way is a probe. */
  trial: Trial | null = null;
  failures = 0;
  /** The target that answered 456: the call waits for the decision on the candidate. */
  heldOn: Strategy | null = null;
  wasRenewed = false;
  last: Pick<Failure, 'kind' | 'error'> = { kind: 'after-send', error: undefined };

  constructor(
    plan: RetryPlan,
    pinned: Place<S> | null,
    o: { readonly signal: AbortSignal | undefined; readonly isSlow: boolean },
  ) {
    this.plan = plan;
    this.pinned = pinned;
    this.signal = o.signal;
    this.isSlow = o.isSlow;
  }

  /** Whether the call has to stay on this deployment. */
  isPinnedTo(strategy: Strategy): boolean {
    return this.pinned?.strategy === strategy;
  }
}

function exhausted({ plan, failures, last }: Run<unknown>, strategy: Strategy): StrategyClientError {
  const cause = last.error;
  if (last.kind === 'mismatch') return new StrategyDetectionError(failures, { cause });
  const details = cause instanceof Error ? cause.message : String(cause);
  if (last.kind === 'denied')
    return new AuthenticationError(strategy, `${plan.rpc} got "${details}" with ${failures} fresh sessions`, {
      cause,
    });
  return new StrategyClientError(
    'UNAVAILABLE',
    `${plan.rpc} had no answer in ${failures} attempts (maxRetryAttempts): ${details}; check the address and that the engine runs, then try again`,
    { cause },
  );
}
