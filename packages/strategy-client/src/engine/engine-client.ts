import type { Metadata } from '@grpc/grpc-js';
import type { ResolvedConnectOptions } from '../connection/options.js';
import type { Ending } from '../ending.js';
import { AuthenticationError, StrategyClientError } from '../errors.js';
import { boardOf, type StrategyManager } from '../manager/strategy-manager.js';
import type { Participant, SessionLease, Switchboard } from '../manager/switchboard.js';
import { queryEngineService } from '../protocol/index.js';
import { finalError } from '../recovery/final-error.js';
import { grpcFailure } from '../recovery/grpc-failure.js';
import type { RetryPlan } from '../recovery/plan.js';
import { type Place, type PlacedOutcome, Recovery } from '../recovery/recovery.js';
import type { Prober } from '../routing/candidate.js';
import type { OpenedSession } from '../sessions/opening.js';
import { Sessions } from '../sessions/sessions.js';
import { sleep } from '../sleep.js';
import { parseStrategy, type Strategy } from '../strategy.js';
import { ClusterResume } from './cluster-resume.js';
import { Headers } from './headers.js';
import type { QueryLease } from './query-lease.js';
import type { Rpc } from './rpcs.js';
import type { EngineTransport, SendOptions } from './transport.js';

/** A query that has not ended. */
export interface RunningQuery {
  readonly queryId: string;
  clear(signal?: AbortSignal): Promise<void>;
  cancel(signal?: AbortSignal): Promise<void>;
}

/** What a call needs besides its RPC. */
export interface EngineCall<Req> {
  /** Builds the request for the session of an attempt. */
  readonly request: (sessionId: string) => Req;
  /** Ends the attempts. */
  readonly signal: AbortSignal | undefined;
  /** Ends the attempt under way, in place of `signal`. */
  readonly hangUp?: Ending;
}

/**
 * One user's way to the engine: a channel, a session for each deployment, and every RPC with its recovery. What runs in
 * the background (clearing queries that nobody waits for) ends with `close`, which waits `controlTimeoutMs` for it.
 */
export class EngineClient implements Participant {
  readonly options: ResolvedConnectOptions;
  readonly manager: StrategyManager;
  readonly board: Switchboard;
  readonly headers: Headers;
  /** Queries that have not ended. */
  readonly runs: Set<RunningQuery> = new Set();
  readonly #transport: EngineTransport;
  readonly #sessions: Sessions<string>;
  readonly #recovery: Recovery<string>;
  readonly #resume: ClusterResume;
  readonly #timeouts: Readonly<Record<Rpc<never, never>['deadline'], number>>;
  readonly #background = new Set<Promise<void>>();
  #closed = false;

  constructor(options: ResolvedConnectOptions, manager: StrategyManager, transport: EngineTransport) {
    this.options = options;
    this.manager = manager;
    this.board = boardOf(manager);
    this.headers = new Headers(manager, options.clusterName);
    this.#transport = transport;
    this.#timeouts = {
      prepare: options.prepareTimeoutMs,
      statement: options.statementTimeoutMs,
      control: options.controlTimeoutMs,
    };
    const { clock, logger, random, retryBaseMs, retryMaxMs } = options;
    this.#resume = new ClusterResume({
      ...{ transport, headers: this.headers, username: options.username, password: options.password },
      ...{ timeoutMs: options.autoResumeTimeoutMs, pollMs: options.resumePollMs },
      ...{ callTimeoutMs: options.controlTimeoutMs, durations: this.board.counters.resumes, clock, logger },
    });
    const shared = {
      board: this.board,
      classify: grpcFailure,
      resume: options.autoResume ? this.#resume.resume.bind(this.#resume) : undefined,
      ...{ retryBaseMs, retryMaxMs, clock, random },
    };
    this.#sessions = new Sessions({
      ...shared,
      open: (strategy, signal) => this.#authenticate(strategy, signal),
    });
    this.#recovery = new Recovery({
      ...shared,
      sessions: this.#sessions,
      announced,
      maxAttempts: options.maxRetryAttempts,
    });
    this.board.enlist(this);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get prober(): Prober {
    return this.#sessions;
  }

  async session(signal: AbortSignal | undefined): Promise<SessionLease> {
    this.#checkOpen();
    const { place } = await this.#recovery.run(SESSION, null, { attempt: async () => null, signal });
    return { strategy: place.strategy, sessionId: place.session };
  }

  /** A call that belongs to no query: goes where the routing target is. Returns the response and where it came from. */
  async routed<Req, Res>(
    rpc: Rpc<Req, Res>,
    call: EngineCall<Req>,
  ): Promise<{ readonly value: Res; readonly place: Place<string> }> {
    this.#checkOpen();
    const outcome = await this.#recovery.run(rpc.plan, null, {
      attempt: ({ strategy, session }) =>
        this.#send(rpc, call.request(session), { headers: this.headers.of(strategy), signal: call.signal }),
      signal: call.signal,
    });
    if (outcome.kind === 'ok') return outcome;
    throw finalError(rpc.plan.rpc, grpcFailure(outcome.cause));
  }

  /** A call of a query: goes to its deployment. `leaseAt` tells with which session the query goes on. */
  leased<Req, Res>(
    rpc: Rpc<Req, Res>,
    lease: QueryLease,
    call: EngineCall<Req>,
  ): Promise<PlacedOutcome<string, Res>> {
    this.#checkOpen();
    return this.#recovery.run(rpc.plan, lease, {
      attempt: ({ strategy, session }) =>
        this.#send(rpc, call.request(session), {
          headers: this.#headersOf(lease, strategy),
          signal: call.signal,
          hangUp: call.hangUp,
        }),
      signal: call.signal,
    });
  }

  /** The query of this id that runs; null for one that does not. */
  runOf(queryId: string): RunningQuery | null {
    for (const run of this.runs) if (run.queryId === queryId) return run;
    return null;
  }

  /** The session that is open on a deployment, if one is. */
  sessionOn(strategy: Strategy): string | undefined {
    return this.#sessions.get(strategy);
  }

  /** Lets `work` go on without a caller; its failure is logged. */
  inBackground(what: string, work: Promise<unknown>): void {
    const entry: Promise<void> = work.then(
      () => void this.#background.delete(entry),
      (err: unknown) => {
        this.#background.delete(entry);
        this.options.logger.debug({ err }, `${what} failed`);
      },
    );
    this.#background.add(entry);
  }

  /** Clears the queries that run, waits for what is in the background, at most `controlTimeoutMs`, and closes the channel. */
  async close(): Promise<void> {
    if (this.#closed) return;
    for (const run of this.runs) this.inBackground('clearing a query', run.clear());
    const waiting = new AbortController();
    const bound = sleep(this.options.clock, this.options.controlTimeoutMs, waiting.signal).catch(() => {});
    await Promise.race([Promise.all(this.#background), bound]);
    waiting.abort();
    this.#closed = true;
    this.board.dismiss(this);
    this.#sessions.close();
    this.#resume.close();
    this.#transport.close();
  }

  #checkOpen(): void {
    if (this.#closed) throw new StrategyClientError('CLOSED', 'the connection is closed; open a new one');
  }

  #send<Req, Res>(
    { method, deadline }: Rpc<Req, Res>,
    request: Req,
    o: Omit<SendOptions, 'timeoutMs'>,
  ): Promise<Res> {
    // Spelled out: to spread it costs more than all else here.
    const { headers, signal, hangUp } = o;
    return this.#transport.send(method, request, {
      headers,
      signal,
      hangUp,
      timeoutMs: this.#timeouts[deadline],
    });
  }

  /** A status or explain may be asked of the other deployment (engine-wire 4b). */
  #headersOf(lease: QueryLease, strategy: Strategy): Metadata {
    return strategy === lease.strategy ? lease.headers : this.headers.ofQuery(strategy, lease.engineIP);
  }

  async #authenticate(strategy: Strategy, signal: AbortSignal): Promise<OpenedSession<string>> {
    const { username: user, password, controlTimeoutMs: timeoutMs } = this.options;
    const reply = await this.#transport.send(
      queryEngineService.authenticate,
      { user, password },
      { headers: this.headers.of(strategy), timeoutMs, signal },
    );
    if (reply.sessionId === '') throw new AuthenticationError(strategy, 'the session id is empty');
    return { session: reply.sessionId, word: parseStrategy(reply.newStrategy) };
  }
}

/** Routing alone: nothing is sent once there is a session. */
const SESSION: RetryPlan = {
  rpc: 'authenticate',
  onMismatch: 'reroute',
  onDenied: 'renew',
  onLost: 'retry',
  onNotFound: 'fail',
};

/** What a response announces; undefined for one that has no field for it. */
function announced(response: unknown): Strategy | null | undefined {
  if (typeof response !== 'object' || response === null || !('newStrategy' in response)) return undefined;
  return parseStrategy(response.newStrategy);
}
