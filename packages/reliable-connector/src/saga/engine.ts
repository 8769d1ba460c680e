import type { Clock } from '../clock.js';
import { ReliableConnectorError } from '../errors.js';
import type { JournalSession, OpenSaga } from '../journal/journal.js';
import type { SagaRecord } from '../journal/records.js';
import type { Logger } from '../logger.js';
import { onAbort } from '../on-abort.js';
import type { Outcome } from '../outcome.js';
import type { Random } from '../random.js';
import { Admission, type StartRequest } from './admission.js';
import { Deferred } from './deferred.js';
import type { SagaDefinition } from './definition.js';
import { drive } from './drive.js';
import type { Emitter } from './emitter.js';
import type { ResolvedEngineOptions } from './engine-options.js';
import { HotList } from './hot-list.js';
import { Line, type Turn } from './line.js';
import { recollect } from './recollect.js';
import { SagaRun } from './saga-run.js';
import { Timeline } from './timeline.js';

export interface EngineParts {
  readonly session: JournalSession;
  readonly definitions: readonly SagaDefinition[];
  readonly options: ResolvedEngineOptions;
  readonly events: Emitter;
}

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
  /** Sagas that this process gave up without an end (parked, resolved, failed), and when, in monotonic ms. */
  readonly #left: Map<number, number> = new Map();
  /** Callers that have not been answered; their sagas need not be at work yet. */
  #callers = 0;
  #quiet: Deferred<void> = new Deferred();
  readonly #adopting: Set<number> = new Set();
  readonly #line: Line;
  readonly #admission: Admission;
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
    this.#line = new Line({ ...options, scope: session.journalId });
    this.#admission = new Admission(this);
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
    for (const run of this.running.values()) run.fail(why);
  }

  /** Runs one saga for a caller. Resolves at its end, or when the caller need not wait longer. */
  async start(request: StartRequest): Promise<Outcome> {
    if (this.#refusing) throw this.#refusing;
    this.assertOpen();
    this.#callers += 1;
    try {
      return await this.#start(request);
    } finally {
      this.#callers -= 1;
      if (this.#callers === 0) this.#quiet.resolve();
    }
  }

  /** Resolves when every caller has been answered. */
  answered(): Promise<void> {
    if (this.#callers === 0) return Promise.resolve();
    if (this.#quiet.settled) this.#quiet = new Deferred();
    return this.#quiet.promise;
  }

  async #start(request: StartRequest): Promise<Outcome> {
    const deadlineAt = this.clock.monotonic() + request.deadlineMs;
    const joined = request.idempotency && (await this.#admission.join(request, deadlineAt));
    if (joined) return joined;
    const turn = await this.#line.enter({ key: request.key, deadlineAt, signal: request.signal });
    if (!turn) return this.#admission.unheard(request);
    try {
      const run = await this.#admission.begin(request, deadlineAt);
      if (!(run instanceof SagaRun)) {
        turn.leave();
        return run;
      }
      this.#limit(run, deadlineAt);
      this.#launch(run, turn, request.signal);
      return await run.answer.promise;
    } catch (error) {
      turn.leave();
      throw error;
    }
  }

  /** Whether this process may take up again a saga that it has left: one that was resolved, or is parked for a while. */
  mayResume(saga: SagaRecord): boolean {
    const leftAt = this.#left.get(saga.id);
    if (leftAt === undefined) return false;
    return saga.parked === null || this.clock.monotonic() - leftAt >= this.parkAfterMs;
  }

  /**
   * Takes over a saga whose owner is gone (or, `supersede`, of a lower term), or takes up one that this process has left,
   * and goes on with it. null: not to be had, or at work here already.
   */
  async adopt({ saga }: Pick<OpenSaga, 'saga'>, o: { readonly supersede: boolean }): Promise<SagaRun | null> {
    this.assertOpen();
    const definition = this.#definitions.get(saga.definition);
    if (!definition) {
      this.logger.warn(
        { sagaId: saga.id, definition: saga.definition },
        'no definition of this name: the saga is left alone',
      );
      return null;
    }
    if (this.running.has(saga.id) || this.#adopting.has(saga.id)) return null;
    if (saga.owner === this.session.owner.id && !this.mayResume(saga)) return null;
    // Two adoptions by one process would both succeed, and then both would send.
    this.#adopting.add(saga.id);
    try {
      return await this.#adopt(definition, saga, o.supersede);
    } finally {
      this.#adopting.delete(saga.id);
    }
  }

  async #adopt(definition: SagaDefinition, saga: SagaRecord, supersede: boolean): Promise<SagaRun | null> {
    const timeline = new Timeline(this.clock, saga.timeline);
    timeline.add('adopt', undefined, saga.phase);
    const record = await this.session.adopt(saga.id, saga.epoch, { supersede }, timeline.entries);
    if (!record) {
      const now = await this.session.saga(saga.id);
      if (now?.owner !== this.session.owner.id) this.#left.delete(saga.id);
      return null;
    }
    const run = new SagaRun(this, definition, record, await this.#past(record.key), timeline);
    this.events.emit('adopt', { ...run.identity, phase: record.phase, epoch: record.epoch });
    const takeOver = supersede ? definition.takeOver?.bind(definition) : undefined;
    this.#launch(run, nothing, undefined, async () => {
      await takeOver?.(run);
      recollect(run);
      if (record.direction !== 'forward') this.#limit(run, this.clock.monotonic() + this.deadlineMs);
    });
    return run;
  }

  /**
   * The operator's word on one step of a parked saga, whoever owns it: its obligation is met, or is to be tried again. It
   * goes on here at once when it is free or ours, else with its owner's next look. null: no such parked saga or step.
   */
  async resolve(
    sagaId: number,
    o: { readonly step: string; readonly assume: 'done' | 'retry'; readonly by: string },
  ): Promise<SagaRecord | null> {
    this.assertOpen();
    const resolved = await this.session.resolve(sagaId, o.step, o.assume, o.by);
    if (!resolved) return null;
    const running = this.running.get(sagaId);
    running?.drop();
    await running?.over.promise;
    await this.adopt({ saga: resolved }, { supersede: false });
    return resolved;
  }

  async #past(key: string | null): Promise<HotList> {
    if (key === null) return new HotList(null, []);
    const [catalog, hot] = await Promise.all([this.session.catalogEntry(key), this.session.hot({ key })]);
    return new HotList(catalog, hot);
  }

  #launch(run: SagaRun, turn: Turn, signal: AbortSignal | undefined, first?: () => Promise<void>): void {
    const { id } = run.saga;
    this.running.set(id, run);
    this.#left.delete(id);
    // Whoever only undoes or waits for Q takes no place from other ids (L4).
    run.onAnswered = turn.leavePlace;
    const unlink = onAbort(
      signal,
      () => void run.cancel().catch((error: unknown) => this.#failed(run, error)),
    );
    void this.#work(run, first).then(() => {
      run.unlimit();
      unlink();
      if (this.running.get(id) === run) this.running.delete(id);
      if (run.saga.phase !== 'ended') this.#left.set(id, this.clock.monotonic());
      turn.leave();
      run.over.resolve();
    });
  }

  /** Never rejects: a saga that fails tells those who wait for it. */
  async #work(run: SagaRun, first: (() => Promise<void>) | undefined): Promise<void> {
    try {
      if (first) await first();
      await drive(run);
    } catch (error) {
      this.#failed(run, error);
    }
  }

  /** The caller's patience, or that of an adopter: what it means is the definition's to say (4.4 step 6). */
  #limit(run: SagaRun, deadlineAt: number): void {
    run.limit(deadlineAt, (error) => this.#failed(run, error));
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

/** An adopted saga stands in no line. */
const nothing: Turn = { leave: () => {}, leavePlace: () => {} };
