import type { Clock } from '../clock.js';
import { ReliableConnectorError } from '../errors.js';
import type { JournalSession, OpenSaga } from '../journal/journal.js';
import type { SagaRecord } from '../journal/records.js';
import type { Logger } from '../logger.js';
import { onAbort } from '../on-abort.js';
import type { Outcome } from '../outcome.js';
import type { Random } from '../random.js';
import { Admission, type StartRequest } from './admission.js';
import type { SagaDefinition } from './definition.js';
import { drive } from './drive.js';
import type { Emitter } from './emitter.js';
import type { ResolvedEngineOptions } from './engine-options.js';
import { HotList } from './hot-list.js';
import { Line } from './line.js';
import { recollect } from './recollect.js';
import { SagaRun } from './saga-run.js';
import { Timeline } from './timeline.js';
import type { Release } from './turnstile.js';

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
    const joined = await this.#admission.join(request, deadlineAt);
    if (joined) return joined;
    const release = await this.#line.enter({ key: request.key, deadlineAt, signal: request.signal });
    if (!release) return this.#admission.unheard(request);
    try {
      const run = await this.#admission.begin(request, deadlineAt);
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

  /** Whether this process may take up again a saga that it has left: one that was resolved, or is parked for a while. */
  mayResume(saga: SagaRecord): boolean {
    const leftAt = this.#left.get(saga.id);
    if (leftAt === undefined) return false;
    return saga.parked === null || this.clock.monotonic() - leftAt >= this.retry.undoCapMs;
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
    if (!record) {
      this.#left.delete(saga.id);
      return null;
    }
    const run = new SagaRun(this, definition, record, await this.#past(record.key), timeline);
    recollect(run);
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

  #launch(
    run: SagaRun,
    release: Release,
    signal: AbortSignal | undefined,
    first?: (run: SagaRun) => Promise<void>,
  ): void {
    this.running.set(run.saga.id, run);
    this.#left.delete(run.saga.id);
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
      if (run.saga.phase !== 'ended') this.#left.set(run.saga.id, this.clock.monotonic());
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
