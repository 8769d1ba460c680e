import { type Clock, sleep } from '../clock.js';
import { ReliableConnectorError } from '../errors.js';
import type { JournalSession, OpenSaga } from '../journal/journal.js';
import type { SagaRecord } from '../journal/records.js';
import type { Json } from '../json.js';
import type { LockProvider } from '../locks.js';
import type { Logger } from '../logger.js';
import { onAbort } from '../on-abort.js';
import type { Outcome } from '../outcome.js';
import type { Random } from '../random.js';
import type { SagaDefinition } from './definition.js';
import { drive } from './drive.js';
import type { Emitter } from './emitter.js';
import type { ResolvedEngineOptions } from './engine-options.js';
import { HotList } from './hot-list.js';
import { SagaRun } from './saga-run.js';
import { Timeline } from './timeline.js';
import { KeyQueue, type Release, Turnstile } from './turnstile.js';

/** What one call of `start` asks for. */
export interface StartRequest {
  readonly definition: SagaDefinition;
  readonly key: string | null;
  /** `locked` when `prepare` has to read before PLAN. */
  readonly phase: 'locked' | 'applying';
  readonly input: Json;
  readonly memo?: Json;
  readonly prior?: number | null;
  readonly steps: readonly string[];
  readonly allocate: boolean;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly idempotency?: { readonly key: string; readonly argsHash: string } | undefined;
}

export interface EngineParts {
  readonly session: JournalSession;
  readonly definitions: readonly SagaDefinition[];
  readonly options: ResolvedEngineOptions;
  readonly events: Emitter;
}

/** While another process holds a key, its lock row is asked for again after so many ms at most. */
const POLL_CAP_MS = 100;
/** Every so many polls, whether the holder has died is asked as well. */
const POLLS_PER_ADOPTION = 8;

const BUSY_HINT =
  'another operation on this id is still running; repeat the call, or look at it with status()';

/**
 * Runs sagas on one journal session (4.4–4.6): one at a time per key, each to its end, whoever waits for it. What can
 * still go wrong: a process that dies leaves its sagas to the next `adopt`; a journal that stops leaves them undecided.
 */
export class Engine {
  readonly session: JournalSession;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: Emitter;
  readonly retry: ResolvedEngineOptions['retry'];
  readonly fanOut: ResolvedEngineOptions['fanOut'];
  readonly queueMs: number;
  readonly deadlineMs: number;
  readonly maxServerLagMs: number;
  readonly maxForwardAgeMs: number;
  readonly proxyMayResend: boolean;
  readonly parkAfterMs: number;
  /** Sagas at work here, by id. */
  readonly running: Map<number, SagaRun> = new Map();
  /** Tells when what a finished saga still owes has been done (4.5 step 5); set by whoever repeats it. */
  repeatsOf: ((run: SagaRun, outcome: Outcome) => Promise<Outcome> | null) | null = null;
  readonly #definitions: ReadonlyMap<string, SagaDefinition>;
  readonly #locks: LockProvider | null;
  readonly #keys: KeyQueue;
  readonly #places: Turnstile;
  /** Why no new saga is taken; what runs goes on. */
  #refusing: ReliableConnectorError | null = null;
  #closed: ReliableConnectorError | null = null;

  constructor({ session, definitions, options, events }: EngineParts) {
    this.session = session;
    this.clock = options.clock;
    this.random = options.random;
    this.logger = options.logger;
    this.events = events;
    this.retry = options.retry;
    this.fanOut = options.fanOut;
    this.deadlineMs = options.deadlineMs;
    this.queueMs = options.deadlineMs;
    this.maxServerLagMs = options.maxServerLagMs;
    this.maxForwardAgeMs = options.maxForwardAgeMs;
    this.proxyMayResend = options.proxyMayResend;
    this.parkAfterMs = options.parkAfterMs;
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.#locks = options.locks;
    this.#keys = new KeyQueue(options.clock);
    this.#places = new Turnstile(options.clock, options.maxSagas);
  }

  /** Throws when nothing may be sent or decided any more. */
  assertOpen(): void {
    if (this.#closed) throw this.#closed;
  }

  /** The definition of this name; undefined: none was given. */
  definition(name: string): SagaDefinition | undefined {
    return this.#definitions.get(name);
  }

  /** Takes no new saga from now on. */
  refuse(why: ReliableConnectorError): void {
    this.#refusing ??= why;
  }

  /** Sends and decides nothing from now on; whoever waits is told why. The journal has every saga. */
  close(why: ReliableConnectorError): void {
    if (this.#closed) return;
    this.#closed = why;
    for (const run of this.running.values()) {
      run.cut();
      run.fail(why);
    }
  }

  /** Runs one saga for a caller. Resolves at its end, or when the caller need not wait longer. */
  async start(request: StartRequest): Promise<Outcome> {
    if (this.#refusing) throw this.#refusing;
    this.assertOpen();
    const deadlineAt = this.clock.monotonic() + request.deadlineMs;
    const joined = request.idempotency && (await this.#join(request, deadlineAt));
    if (joined) return joined;
    const release = await this.#queue(request, deadlineAt);
    if (!release) return this.#unheard(request, deadlineAt);
    try {
      const run = await this.#begin(request, deadlineAt);
      if (!(run instanceof SagaRun)) {
        release();
        return run;
      }
      run.deadlineAt = deadlineAt;
      this.#launch(run, release, request.signal);
      return await run.answer.promise;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Takes over a saga whose owner is gone (or, `supersede`, of a lower term) and goes on with it. null: not to be had. */
  async adopt({ saga }: Pick<OpenSaga, 'saga'>, o: { readonly supersede: boolean }): Promise<SagaRun | null> {
    const definition = this.#definitions.get(saga.definition);
    if (!definition) {
      this.logger.warn(
        { sagaId: saga.id, definition: saga.definition },
        'no definition of this name: the saga is left alone',
      );
      return null;
    }
    const timeline = new Timeline(this.clock, saga.timeline);
    timeline.add('adopt', undefined, saga.phase);
    const record = await this.session.adopt(saga.id, saga.epoch, o, timeline.entries);
    if (!record) return null;
    const run = new SagaRun(this, definition, record, await this.#past(record.key), timeline);
    run.recollect();
    if (record.direction !== 'forward' && !o.supersede)
      run.deadlineAt = this.clock.monotonic() + this.deadlineMs;
    this.events.emit('adopt', { ...run.identity, phase: record.phase, epoch: record.epoch });
    this.#launch(run, () => {}, undefined, o.supersede ? definition.takeOver?.bind(definition) : undefined);
    return run;
  }

  async #past(key: string | null): Promise<HotList> {
    if (key === null) return new HotList(null, []);
    const [catalog, hot] = await Promise.all([this.session.catalogEntry(key), this.session.hot({ key })]);
    return new HotList(catalog, hot);
  }

  /** A place, the key's turn in this process, and the lock of other hosts; null when there was no time left. */
  async #queue(request: StartRequest, deadlineAt: number): Promise<Release | null> {
    const held: Release[] = [];
    const release = (): void => {
      for (const one of held.splice(0).reverse()) one();
    };
    const left = (): number => Math.max(0, deadlineAt - this.clock.monotonic());
    const place = await this.#places.enter(left(), request.signal);
    if (!place) return null;
    held.push(place);
    if (request.key === null) return release;
    const turn = await this.#keys.enter(request.key, left(), request.signal);
    if (turn) held.push(turn);
    const foreign = turn && this.#locks ? await this.#lockElsewhere(this.#locks, request, left()) : turn;
    if (foreign && foreign !== turn) held.push(foreign);
    if (foreign) return release;
    release();
    return null;
  }

  async #lockElsewhere(
    locks: LockProvider,
    request: StartRequest,
    timeoutMs: number,
  ): Promise<Release | null> {
    try {
      const o = request.signal ? { timeoutMs, signal: request.signal } : { timeoutMs };
      const release = await locks.acquire(`holdfast:${this.session.journalId}:${request.key}`, o);
      return (
        release &&
        (() => void release().catch((err: unknown) => this.logger.warn({ err }, 'lock release failed')))
      );
    } catch (err) {
      this.logger.warn({ err, key: request.key }, 'the lock provider failed: the operation counts as busy');
      return null;
    }
  }

  /** Asks for the lock row until it is had, the key is known, or the time is over. */
  async #begin(request: StartRequest, deadlineAt: number): Promise<SagaRun | Outcome> {
    const timeline = new Timeline(this.clock);
    timeline.add(request.phase === 'locked' ? 'lock' : 'plan');
    const { definition, key, phase, input, memo, prior, steps, allocate, idempotency } = request;
    for (let attempt = 1; ; attempt += 1) {
      this.assertOpen();
      const begun = await this.session.begin({
        definition: definition.name,
        key,
        phase,
        input,
        steps,
        allocate,
        timeline: timeline.entries,
        ...(memo !== undefined && { memo }),
        ...(prior !== undefined && { prior }),
        ...(idempotency && { idempotencyKey: idempotency.key, argsHash: idempotency.argsHash }),
      });
      if (begun.kind === 'begun') {
        const run = new SagaRun(
          this,
          definition,
          begun.saga,
          new HotList(begun.catalog, begun.hot),
          timeline,
        );
        if (phase === 'applying') run.planned();
        return run;
      }
      if (begun.kind === 'known')
        return (await this.#follow(begun.saga, request, deadlineAt)) ?? this.#unheard(request, deadlineAt);
      await this.#awaitHolder(begun.holder, attempt, deadlineAt, request.signal);
      if (request.signal?.aborted || this.clock.monotonic() >= deadlineAt)
        return this.#unheard(request, deadlineAt);
    }
  }

  /** Waits a while for another saga: for its end when it is ours, else for a poll, adopting it when its owner is gone. */
  async #awaitHolder(
    holder: SagaRecord,
    attempt: number,
    deadlineAt: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const left = Math.max(0, deadlineAt - this.clock.monotonic());
    let local = this.running.get(holder.id);
    if (!local && attempt % POLLS_PER_ADOPTION === 1)
      local = (await this.adopt({ saga: holder }, { supersede: false })) ?? undefined;
    if (local) {
      const enough = new AbortController();
      const unlink = onAbort(signal, () => enough.abort());
      await Promise.race([local.over.promise, sleep(this.clock, left, enough.signal)]);
      unlink();
      enough.abort();
      return;
    }
    const pollMs = Math.min(POLL_CAP_MS, 5 * attempt) * (0.5 + this.random());
    await sleep(this.clock, Math.min(left, pollMs), signal);
  }

  /** S9: a known idempotency key gives its saga's outcome, a running one up to the caller's deadline. */
  async #join(request: StartRequest, deadlineAt: number): Promise<Outcome | null> {
    const saga = request.idempotency && (await this.session.sagaByIdempotencyKey(request.idempotency.key));
    return saga ? this.#follow(saga, request, deadlineAt) : null;
  }

  async #follow(known: SagaRecord, request: StartRequest, deadlineAt: number): Promise<Outcome | null> {
    if (known.argsHash !== request.idempotency?.argsHash)
      throw new ReliableConnectorError(
        'IDEMPOTENCY_MISMATCH',
        `idempotency key ${JSON.stringify(request.idempotency?.key)} belongs to saga ${known.id} with other arguments; use a new key for a new operation`,
      );
    let saga: SagaRecord | null = known;
    for (let attempt = 1; saga; attempt += 1) {
      if (saga.phase === 'ended') return storedOutcome(saga);
      if (request.signal?.aborted || this.clock.monotonic() >= deadlineAt) return joinedInDoubt(saga);
      await this.#awaitHolder(saga, attempt, deadlineAt, request.signal);
      saga = await this.session.saga(known.id);
    }
    return null;
  }

  /** Nothing was written down for this call. */
  async #unheard(request: StartRequest, deadlineAt: number): Promise<Outcome> {
    const joined =
      request.idempotency && (await this.#join(request, Math.min(deadlineAt, this.clock.monotonic())));
    if (joined) return joined;
    if (request.signal?.aborted)
      return { status: 'compensated', sagaId: null, reason: 'cancelled', nodes: {} };
    return { status: 'rejected', sagaId: null, reason: 'busy', nodes: {}, hint: BUSY_HINT };
  }

  #launch(
    run: SagaRun,
    release: Release,
    signal: AbortSignal | undefined,
    first?: (run: SagaRun) => Promise<void>,
  ): void {
    this.running.set(run.saga.id, run);
    const fail = (error: unknown): void => this.#failed(run, error);
    const untilDeadline = run.deadlineAt - this.clock.monotonic();
    const cancelTimer = Number.isFinite(untilDeadline)
      ? this.clock.schedule(untilDeadline, () => void run.expire().catch(fail))
      : () => {};
    const cancel = (): void => void run.cancel().catch(fail);
    const unlink = onAbort(signal, cancel);
    const work = first ? first(run).then(() => drive(run)) : drive(run);
    void work.catch(fail).finally(() => {
      cancelTimer();
      unlink();
      this.running.delete(run.saga.id);
      release();
      run.over.resolve();
    });
  }

  #failed(run: SagaRun, error: unknown): void {
    const known = error instanceof ReliableConnectorError;
    if (!known)
      this.logger.error(
        { err: error, ...run.identity },
        'a saga failed unexpectedly; it stays in the journal',
      );
    run.fail(error instanceof Error ? error : new Error(String(error)));
  }
}

/** The outcome that was told when the saga ended. */
export function storedOutcome(saga: SagaRecord): Outcome {
  // The engine itself wrote this value when the saga ended; it is read by nobody else.
  return saga.outcome as unknown as Outcome;
}

function joinedInDoubt(saga: SagaRecord): Outcome {
  const direction = saga.phase === 'aborting' ? 'abort' : saga.direction;
  return {
    status: saga.parked ? 'parked' : 'in_doubt',
    sagaId: saga.id,
    ...(direction && { direction }),
    nodes: {},
    hint: 'the operation of this idempotency key is still running; ask its status, or repeat the call with the same key',
  };
}
