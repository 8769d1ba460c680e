import { type Client, Metadata } from '@grpc/grpc-js';
import { DeploymentGoneError, LostAfterSend, StrategyClientError } from '../errors.js';
import { boardOf } from '../manager/strategy-manager.js';
import type { Participant, SessionLease, Switchboard } from '../manager/switchboard.js';
import type { RetryPlan } from '../recovery/plan.js';
import { type Attempt, type Place, Recovery } from '../recovery/recovery.js';
import type { Prober } from '../routing/candidate.js';
import { NoSessions } from '../sessions/no-sessions.js';
import type { SessionSource } from '../sessions/session-source.js';
import { Sessions } from '../sessions/sessions.js';
import { unlessAborted } from '../sleep.js';
import type { Strategy } from '../strategy.js';
import { CallPins } from './call-pins.js';
import { Hooks } from './hooks.js';
import { type Method, methodsOf, serviceOf } from './methods.js';
import { sessionOpener } from './open-session.js';
import { type AnyCall, callTimeout, type ResolvedWithStrategyOptions } from './options.js';
import type { Sending } from './send.js';
import type { StrategyCallOptions } from './types.js';

/** A call as its caller wants it, and where it has to go. */
export interface PreparedCall extends AnyCall {
  readonly plan: RetryPlan;
  /** What the call is about. */
  readonly pin: string | undefined;
  readonly pinned: Place<unknown> | null;
  readonly signal: AbortSignal | undefined;
  /** What goes over the wire from a place, until a deadline that is counted from now. */
  sending(place: Place<unknown>): Sending;
}

/** What an attempt has brought. */
export class Answer<T> {
  readonly value: T;
  /** The deployment that it announces. */
  readonly word: Strategy | null;

  constructor(value: T, word: Strategy | null) {
    this.value = value;
    this.word = word;
  }
}

/** Everything that the unary and the streaming calls of one client have in common. */
export class Caller implements Participant {
  readonly client: Client;
  readonly board: Switchboard;
  readonly hooks: Hooks;
  readonly pins: CallPins<unknown>;
  readonly methods: ReadonlyMap<string, Method>;
  readonly #o: ResolvedWithStrategyOptions;
  readonly #sessions: SessionSource<unknown> & { close(): void };
  readonly #recovery: Recovery<unknown>;
  #closed = false;

  constructor(client: Client, o: ResolvedWithStrategyOptions) {
    this.client = client;
    this.#o = o;
    this.board = boardOf(o.manager);
    this.methods = methodsOf(client);
    const { board } = this;
    const { clock, logger } = board;
    const { random, retryBaseMs, retryMaxMs, maxPins } = o;
    this.hooks = new Hooks(o, logger);
    this.pins = new CallPins({ board, service: serviceOf(this.methods), maxPins });
    const classify = this.hooks.classify.bind(this.hooks);
    const shared = { board, classify, resume: undefined, retryBaseMs, retryMaxMs, clock, random };
    const open = sessionOpener(client, o, clock);
    this.#sessions = open === null ? new NoSessions(shared) : new Sessions({ ...shared, open });
    this.#recovery = new Recovery({
      ...shared,
      sessions: this.#sessions,
      announced: (answer) => (answer instanceof Answer ? answer.word : undefined),
      maxAttempts: o.maxRetryAttempts,
    });
    board.enlist(this);
  }

  get prober(): Prober {
    return this.#sessions;
  }

  async session(signal: AbortSignal | undefined): Promise<SessionLease> {
    const plan: RetryPlan = { ...ANYWHERE, rpc: 'session.open', onLost: 'retry' };
    if (this.#o.session !== undefined) {
      const { place } = await this.#recovery.run(plan, null, { attempt: async () => null, signal });
      if (typeof place.session === 'string') return { strategy: place.strategy, sessionId: place.session };
    }
    throw new StrategyClientError(
      'NOT_SUPPORTED',
      'the first client that uses this manager has no sessions that are texts; ask a manager that a connection uses',
    );
  }

  /** Finds out where a call has to go. Throws what the caller's functions throw. */
  async prepare(
    method: Method,
    request: unknown,
    o: StrategyCallOptions & { readonly isStream: boolean },
  ): Promise<PreparedCall> {
    if (this.#closed)
      throw new StrategyClientError('CLOSED', 'the client of withStrategy is closed; make a new one');
    o.signal?.throwIfAborted();
    const { timeoutMs, streamTimeoutMs, header } = this.#o;
    const within = callTimeout(o.timeoutMs, o.isStream ? streamTimeoutMs : timeoutMs);
    const call = { method: method.name, request };
    const pin = this.hooks.pinOf(call);
    const pinned = pin === undefined ? null : await this.#placeOf(method.name, pin, o.signal);
    const isIdempotent = o.idempotent ?? this.hooks.isIdempotent(method.name);
    const row = pinned === null ? ANYWHERE : PINNED;
    return {
      ...call,
      pin,
      pinned,
      plan: { ...row, rpc: method.name, onLost: isIdempotent ? 'retry' : 'fail' },
      signal: o.signal,
      sending: ({ strategy, session }) => {
        const metadata = o.metadata?.clone() ?? new Metadata();
        metadata.set(header, strategy);
        const attached = this.hooks.attach(call, session, metadata);
        const deadline = new Date(this.board.clock.now() + within);
        return { method, request: attached, metadata, deadline, signal: o.signal };
      },
    };
  }

  /** Sends a call until it has an outcome; a slow one may be long in giving its first answer. */
  async run<T>(
    call: PreparedCall,
    attempt: Attempt<unknown, Answer<T>>,
    o: { readonly isSlow: boolean },
  ): Promise<T> {
    const { signal, plan, pinned, pin } = call;
    try {
      const outcome = await this.#recovery.run(plan, pinned, { attempt, signal, ...o });
      const { place } = outcome;
      if (outcome.kind === 'lost') throw this.lost(call, { cause: outcome.cause, rowsDelivered: 0 });
      if (outcome.kind !== 'ok') throw this.#notThere(call, place.strategy, outcome.cause);
      if (pin !== undefined && pinned !== null && place.session !== pinned.session && this.pins.get(pin))
        this.pins.set(pin, place);
      return outcome.value.value;
    } catch (error) {
      throw asAnswered(error);
    }
  }

  /** The error for a call whose answer is missing. */
  lost(call: AnyCall, o: { readonly cause: unknown; readonly rowsDelivered: number }): LostAfterSend {
    this.board.counters.lostAfterSend++;
    return new LostAfterSend({ rpc: call.method, ...o });
  }

  /** The error for a call whose deployment has ended, and with it what the call is about. */
  gone(
    call: PreparedCall,
    strategy: Strategy,
    o: { readonly cause: unknown; readonly rowsDelivered: number },
  ): DeploymentGoneError {
    this.board.counters.deploymentsGone++;
    if (call.pin !== undefined) this.pins.end(call.pin);
    return deploymentGone(call.method, strategy, o);
  }

  /** A call has got its reply, or the first message of it. */
  answered(call: AnyCall, place: Place<unknown>, response: unknown): void {
    const id = this.hooks.startedBy(call, response);
    if (id !== undefined && !this.#closed) this.pins.set(id, place);
  }

  /** A call has succeeded, and with it may end what it was about. */
  succeeded(call: PreparedCall): void {
    if (call.pin !== undefined && this.hooks.isEndedBy(call)) this.pins.end(call.pin);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.board.dismiss(this);
    this.#sessions.close();
    this.pins.clear();
  }

  /** What the error of a call to a pinned place means: the deployment's end, or an answer like another. */
  #notThere(call: PreparedCall, strategy: Strategy, cause: unknown): unknown {
    if (this.hooks.classify(cause).kind !== 'not-found')
      return this.gone(call, strategy, { cause, rowsDelivered: 0 });
    // What is not there has ended.
    this.succeeded(call);
    return cause;
  }

  /** Where a pin is, or was lately; null for one that this process does not know: it may go where new calls go. */
  async #placeOf(rpc: string, pin: string, signal: AbortSignal | undefined): Promise<Place<unknown> | null> {
    const known = this.pins.get(pin);
    if (known !== undefined) return known;
    const strategy = this.board.pins.lastOf(this.pins.keyOf(pin));
    if (strategy === null) return null;
    const session = this.#sessions.get(strategy);
    if (session !== undefined) return { strategy, session };
    const opening = await unlessAborted(this.#sessions.open(strategy), signal);
    if (opening.kind === 'open') return { strategy, session: opening.session };
    if (opening.kind === 'refused' || opening.kind === 'failed') throw opening.error;
    const { error: cause } = opening;
    if (opening.kind === 'mismatch') throw deploymentGone(rpc, strategy, { cause, rowsDelivered: 0 });
    throw new StrategyClientError(
      'UNAVAILABLE',
      `${rpc} needs a session on the ${strategy} deployment, which does not answer; try again`,
      { cause },
    );
  }
}

function deploymentGone(
  rpc: string,
  strategy: Strategy,
  o: { readonly cause: unknown; readonly rowsDelivered: number },
): DeploymentGoneError {
  const what = 'what the call is about';
  const remedy = 'begin it again, which goes to the other deployment, or lengthen the drain';
  return new DeploymentGoneError({ strategy, rpc, what, remedy, ...o });
}

/** Rows of the table in engine-wire 4b. */
const ANYWHERE = { onMismatch: 'reroute', onDenied: 'renew', onNotFound: 'fail' } as const;
const PINNED = { onMismatch: 'gone', onDenied: 'renew-once', onNotFound: 'fail' } as const;

/** An answer of the service's own is handed on as grpc-js made it, so that callers see its code and its trailers. */
function asAnswered(error: unknown): unknown {
  if (!(error instanceof StrategyClientError) || error.cause === undefined) return error;
  return HANDED_ON.has(error.code) ? error.cause : error;
}

const HANDED_ON: ReadonlySet<string> = new Set(['QUERY_FAILED', 'NOT_IMPLEMENTED', 'MESSAGE_TOO_LARGE']);
