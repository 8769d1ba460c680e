import type { Clock } from '../clock.js';
import { AuthenticationError, StrategyClientError } from '../errors.js';
import type { Switchboard } from '../manager/switchboard.js';
import type { Random } from '../random.js';
import { finalError } from '../recovery/final-error.js';
import { type Failure, LOSSES } from '../recovery/grpc-failure.js';
import type { Resume } from '../recovery/resume.js';
import { backoffMs, MOST_DOUBLINGS_OF_MISMATCH } from '../routing/backoff.js';
import type { Ticket } from '../routing/candidate.js';
import { sleep } from '../sleep.js';
import type { Strategy } from '../strategy.js';
import type { Opening, SessionOpener } from './opening.js';
import type { SessionSource } from './session-source.js';

/** What `Sessions` works with. */
export interface SessionsOptions<S> {
  readonly board: Switchboard;
  readonly open: SessionOpener<S>;
  readonly classify: (error: unknown) => Failure;
  /** Asks whether a cluster that answers 503 is suspended, and resumes it; undefined: never. */
  readonly resume: Resume | undefined;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** A 503 that goes on after so many resumes within one authentication is a lost answer. */
const MOST_RESUMES = 2;

/**
 * The sessions of one user, one for each deployment. A session is never replaced under a query that runs by it: who got it
 * keeps it. At most one authentication per deployment is in flight, and none is repeated without a pause
 * (engine-wire 4.3, 4.18).
 */
export class Sessions<S> implements SessionSource<S> {
  readonly #o: SessionsOptions<S>;
  readonly #sides: Record<Strategy, Side<S>> = { blue: new Side<S>(), green: new Side<S>() };
  readonly #closing = new AbortController();

  constructor(o: SessionsOptions<S>) {
    this.#o = o;
  }

  /** The open session of a deployment. */
  get(strategy: Strategy): S | undefined {
    return this.#sides[strategy].session;
  }

  /** Why the latest authentication on a deployment was refused; undefined if it was not. */
  refusalOf(strategy: Strategy): StrategyClientError | undefined {
    return this.#sides[strategy].refusal;
  }

  /** Opens a session anew, or joins the attempt under way. Never rejects. */
  open(strategy: Strategy): Promise<Opening<S>> {
    const side = this.#sides[strategy];
    side.flight ??= this.#open(strategy, side);
    return side.flight;
  }

  /** The deployment does not know this session any more. */
  forget(strategy: Strategy, session: S): void {
    const side = this.#sides[strategy];
    if (side.session !== session) return;
    side.session = undefined;
    side.wasForgotten = true;
    // Refused as soon as it was opened: asking at once again would be a storm.
    if (this.#o.clock.monotonic() - side.openedAt < this.#o.retryBaseMs) this.#backOff(side, Infinity);
  }

  /** Probes the candidate until it is decided, while this is its prober. */
  probe(): void {
    const { candidate } = this.#o.board.routing;
    if (candidate?.prober !== this || this.#closing.signal.aborted) return;
    const side = this.#sides[candidate.strategy];
    if (side.isProbing) return;
    side.isProbing = true;
    void this.open(candidate.strategy).then(() => {
      side.isProbing = false;
      this.probe();
    });
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort(new StrategyClientError('CLOSED', 'the connection is closed; open a new one'));
  }

  async #open(strategy: Strategy, side: Side<S>): Promise<Opening<S>> {
    const { signal } = this.#closing;
    const { clock, board } = this.#o;
    try {
      for (let wait = side.notBefore - clock.monotonic(); wait > 0; wait = side.notBefore - clock.monotonic())
        await sleep(clock, wait, signal);
      signal.throwIfAborted();
    } catch (error) {
      side.flight = undefined;
      return { kind: 'failed', error };
    }
    for (let resumes = 0; ; resumes++) {
      const ticket = board.routing.sent(strategy, true);
      board.counters.authentications[strategy]++;
      try {
        const { session, word } = await this.#o.open(strategy, signal);
        side.flight = undefined;
        this.#opened(ticket, side, session);
        board.routing.heard(ticket, word, this);
        board.routing.proved(ticket, word);
        // A probe whose own answer names the other deployment, as where both name each other, is not made again at once.
        if (ticket.proof !== 0 && word !== null && board.routing.target !== strategy) this.#backOff(side, 1);
        return { kind: 'open', session };
      } catch (error) {
        const failure = this.#o.classify(error);
        const again = failure.kind === 'unavailable-503' && resumes < MOST_RESUMES && !signal.aborted;
        try {
          if (again && (await this.#o.resume?.(error, signal)) === 'resumed') continue;
        } catch (problem) {
          side.flight = undefined;
          return this.#stopped(side, problem);
        }
        side.flight = undefined;
        return this.#failed(ticket, side, failure);
      }
    }
  }

  #opened({ strategy }: Ticket, side: Side<S>, session: S): void {
    side.session = session;
    side.openedAt = this.#o.clock.monotonic();
    side.refusal = undefined;
    side.failures = 0;
    side.notBefore = 0;
    if (!side.wasForgotten) return;
    side.wasForgotten = false;
    this.#o.board.counters.reauthentications[strategy]++;
    this.#o.board.events.emit('reauthenticated', { strategy });
  }

  #failed(ticket: Ticket, side: Side<S>, failure: Failure): Opening<S> {
    const { board } = this.#o;
    const { strategy } = ticket;
    const { kind, error } = failure;
    side.refusal = undefined;
    if (this.#closing.signal.aborted) return { kind: 'failed', error: this.#closing.signal.reason };
    if (kind === 'mismatch') {
      this.#backOff(side, MOST_DOUBLINGS_OF_MISMATCH);
      side.session = undefined;
      board.counters.mismatches[strategy]++;
      board.events.emit('mismatch', { strategy, rpc: 'authenticate' });
      board.routing.refused(ticket, 'mismatch');
      return { kind: 'mismatch', error };
    }
    this.#backOff(side, Infinity);
    if (LOSSES.has(kind)) {
      board.routing.undecided();
      return { kind: 'lost', error };
    }
    side.refusal = refusalOf(strategy, failure);
    board.routing.refused(ticket, 'password');
    return { kind: 'refused', error: side.refusal };
  }

  /** The cluster does not resume. */
  #stopped(side: Side<S>, error: unknown): Opening<S> {
    this.#backOff(side, Infinity);
    this.#o.board.routing.undecided();
    return { kind: 'failed', error };
  }

  #backOff(side: Side<S>, mostDoublings: number): void {
    const { retryBaseMs: baseMs, retryMaxMs: maxMs, random, clock } = this.#o;
    side.failures++;
    side.notBefore =
      clock.monotonic() + backoffMs(Math.min(side.failures, mostDoublings), { baseMs, maxMs, random });
  }
}

/** An answer that is no session. `Access denied` to an authentication means the password (engine-wire 4b). */
function refusalOf(strategy: Strategy, failure: Failure): StrategyClientError {
  const { kind, error } = failure;
  if (error instanceof StrategyClientError) return error;
  if (kind === 'denied' || kind === 'refused')
    return new AuthenticationError(strategy, failure.details, { cause: error });
  return finalError('authenticate', failure);
}

/** What belongs to one deployment. */
class Side<S> {
  session: S | undefined;
  flight: Promise<Opening<S>> | undefined;
  isProbing = false;
  /** The deployment has forgotten a session that was opened here. */
  wasForgotten = false;
  refusal: StrategyClientError | undefined;
  openedAt = 0;
  failures = 0;
  /** Monotonic time before which no authentication is sent. */
  notBefore = 0;
}
