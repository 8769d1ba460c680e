import type { StrategyClientError } from '../errors.js';
import type { Failure } from '../recovery/grpc-failure.js';
import type { Prober, Ticket } from '../routing/candidate.js';
import type { Strategy } from '../strategy.js';
import type { Opening } from './opening.js';

/** Where calls get the sessions that they carry, and who finds out whether a candidate accepts calls. */
export interface SessionSource<S> extends Prober {
  /** The open session of a deployment. */
  get(strategy: Strategy): S | undefined;
  /** Opens a session anew, or joins the attempt under way. Never rejects. */
  open(strategy: Strategy): Promise<Opening<S>>;
  /** Why the latest probe of a deployment was refused for good; undefined if it was not. */
  refusalOf(strategy: Strategy): StrategyClientError | undefined;
  /** The deployment does not know this session any more. */
  forget(strategy: Strategy, session: S): void;
  /** Set where there are no authentications: then calls are the probes. */
  readonly trials?: Trials;
}

/** A call that probes the candidate. */
export interface Trial {
  readonly strategy: Strategy;
  /** The number of the candidate that nobody else may probe meanwhile; 0 for one that keeps nobody from it. */
  readonly proof: number;
}

/** What a failed trial says of its deployment. */
export type TrialVerdict =
  /** An error of the service's own: the deployment takes calls. */
  | 'accepted'
  /** It did not process the call, which may go elsewhere. */
  | 'refused'
  /** Nothing. */
  | 'lost';

/** Calls as probes. Each trial that was claimed is ended by one of the other three. */
export interface Trials {
  /**
   * The next probe, if there is one to be made and now is the time.
   *
   * @param isHeld the target has refused the call, which waits for the candidate.
   * @param isSlow its first answer may be long in coming: it probes only when it has to, and keeps nobody from it.
   */
  claim(o: { readonly isHeld: boolean; readonly isSlow: boolean }): Trial | null;
  /** It was answered; `word` is the deployment that the reply announces. */
  accepted(trial: Trial, ticket: Ticket, word: Strategy | null): void;
  failed(trial: Trial, ticket: Ticket, failure: Failure): TrialVerdict;
  /** Its caller gave up. */
  abandoned(trial: Trial): void;
}
