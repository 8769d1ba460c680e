import { ReliableConnectorError } from '../errors.js';
import type { SagaChange } from '../journal/journal.js';
import type { SagaRecord, StepResult } from '../journal/records.js';
import type { Json } from '../json.js';
import type { NodeResult, Outcome } from '../outcome.js';
import { Deferred } from './deferred.js';
import type { Ending, SagaDefinition } from './definition.js';
import type { Engine } from './engine.js';
import { Halted } from './halted.js';
import type { HotList } from './hot-list.js';
import { type CallBounds, type Purpose, StepRun } from './step-run.js';
import type { Timeline } from './timeline.js';
import { forgettable, storable, type Told } from './told.js';

/**
 * One saga at work in this process: its record, its steps, and who waits for it. The phases are driven by `drive`;
 * here is what they share. A run that loses its saga (`DEPOSED`) or its journal sends and decides nothing any more.
 */
export class SagaRun {
  readonly engine: Engine;
  readonly definition: SagaDefinition;
  readonly steps: readonly StepRun[];
  readonly timeline: Timeline;
  /** Told at the end, at `in_doubt` or when parked, whichever is first: what a caller waits for. */
  readonly answer: Deferred<Outcome> = new Deferred(() => this.onAnswered());
  /** Called once the caller has been answered. */
  onAnswered: () => void = () => {};
  /** Told at the end or when parked. */
  readonly settled: Deferred<Outcome> = new Deferred();
  /** This process has done all that it can with it. */
  readonly over: Deferred<void> = new Deferred();
  saga: SagaRecord;
  hot: HotList;
  /** Monotonic ms; Infinity once the direction is forward. */
  deadlineAt: number = Number.POSITIVE_INFINITY;
  /** Why forward work was stopped; null: it was not. */
  stopReason: string | null = null;
  /** Monotonic ms at which work without a deadline began, for `fruitless`. */
  #endlessSince: number | null = null;
  /** Set once the end or the turn back is being written: the deadline decides nothing any more. */
  #concluding = false;
  /** The caller's time is over. */
  #overdue = false;
  #unlimit: () => void = () => {};
  #turned = false;
  #dropped: Error | null = null;
  #waits = new AbortController();
  #rest: Deferred<void> | null = null;

  constructor(
    engine: Engine,
    definition: SagaDefinition,
    saga: SagaRecord,
    hot: HotList,
    timeline: Timeline,
  ) {
    this.engine = engine;
    this.definition = definition;
    this.saga = saga;
    this.hot = hot;
    this.timeline = timeline;
    this.steps = saga.steps.map((name) => new StepRun(this, name));
    if (saga.phase === 'aborting' || saga.direction === 'forward') this.#endless();
  }

  /** Undoing or restoring: without a deadline and without end. */
  get goesBack(): boolean {
    return this.saga.phase === 'aborting';
  }

  /** Whether the present work is bounded by the caller's time. */
  get hasDeadline(): boolean {
    return !this.goesBack && this.deadlineAt !== Number.POSITIVE_INFINITY;
  }

  /** Cuts waits: at the stop of forward work, at the close of the engine. */
  get signal(): AbortSignal {
    return this.#waits.signal;
  }

  step(name: string): StepRun {
    const found = this.steps.find((step) => step.name === name);
    if (!found) throw new Error(`saga ${this.saga.id} has no step ${name}`);
    return found;
  }

  /** Stops forward work: waits are cut, calls in flight run out. The first reason stays. */
  stop(reason: string): void {
    if (this.stopReason !== null || this.goesBack) return;
    this.stopReason = reason;
    this.#waits.abort();
  }

  /** Sets the deadline; `failed` hears of a write that did not succeed. */
  limit(deadlineAt: number, failed: (error: unknown) => void): void {
    const { clock } = this.engine;
    this.deadlineAt = deadlineAt;
    this.#unlimit = clock.schedule(deadlineAt - clock.monotonic(), () => void this.expire().catch(failed));
  }

  unlimit(): void {
    this.#unlimit();
  }

  /** The caller's time is over: turn back, or go on without it (4.4 step 6). */
  async expire(): Promise<void> {
    this.#overdue = true;
    if (this.goesBack) return this.answerInDoubt('abort');
    if (this.#concluding || this.stopReason !== null) return;
    if (this.saga.phase === 'locked' || this.definition.atDeadline(this.saga) === 'abort')
      return this.stop('deadline');
    await this.goForward('deadline');
  }

  /** The caller wants no more. What can be undone turns back; a delete past its pivot goes on without the caller. */
  async cancel(): Promise<void> {
    if (this.#concluding || this.goesBack || this.answer.settled || this.saga.direction === 'forward') return;
    if (this.saga.phase === 'locked' || this.definition.canTurnBack(this.saga)) return this.stop('cancelled');
    await this.goForward('cancelled');
  }

  /** Stopped while PLAN was being written: what the stop means is decided anew, since there is a plan now. */
  async reconsider(): Promise<void> {
    const reason = this.stopReason;
    if (reason !== 'deadline' && reason !== 'cancelled') return;
    const turnsBack =
      reason === 'deadline'
        ? this.definition.atDeadline(this.saga) === 'abort'
        : this.definition.canTurnBack(this.saga);
    if (turnsBack) return;
    this.stopReason = null;
    this.#waits = new AbortController();
    await this.goForward(reason);
  }

  /** The direction is made durable before the caller hears of it. */
  async goForward(reason: 'deadline' | 'cancelled'): Promise<void> {
    if (this.deadlineAt === Number.POSITIVE_INFINITY) return;
    this.deadlineAt = Number.POSITIVE_INFINITY;
    this.timeline.add('direction', undefined, 'forward');
    await this.write({ type: 'direct', direction: 'forward' });
    this.engine.events.emit('decision', { ...this.identity, decision: 'forward', reason });
    this.answerInDoubt('forward');
  }

  /** Whether this process wrote the ABORT itself: what its steps know then speaks of the forward work. */
  get justTurned(): boolean {
    return this.#turned;
  }

  planned(): void {
    if (this.engine.events.wants('plan'))
      this.engine.events.emit('plan', { ...this.identity, token: this.saga.token });
  }

  /** ABORT, durable before the first compensating call (4.3). */
  async turnBack(reason: string, o: { readonly allocate: boolean; readonly memo?: Json }): Promise<void> {
    this.#concluding = true;
    this.#turned = true;
    this.timeline.add('abort', undefined, reason);
    await this.write({
      type: 'abort',
      reason,
      allocate: o.allocate,
      ...(o.memo !== undefined && { memo: o.memo }),
    });
    this.engine.events.emit('decision', { ...this.identity, decision: 'abort', reason });
    if (this.#overdue) this.answerInDoubt('abort');
  }

  /** Throws when this process may not (go on to) call: closed, deposed, or forward work was stopped. */
  assertGoing(): void {
    this.engine.assertOpen();
    if (this.#dropped) throw this.#dropped;
    if (!this.goesBack && this.stopReason !== null) throw new Halted();
  }

  bounds(purpose: Purpose): CallBounds {
    const { retry, queueMs, clock } = this.engine;
    const signal = purpose === 'read' ? this.signal : undefined;
    if (!this.hasDeadline) return { timeoutMs: retry.attemptTimeoutMs, queueMs, endsAt: undefined, signal };
    const endsAt = this.deadlineAt;
    const left = Math.max(1, endsAt - clock.monotonic());
    return {
      timeoutMs: Math.min(retry.attemptTimeoutMs, left),
      queueMs: Math.min(queueMs, left),
      endsAt,
      signal,
    };
  }

  /** One durable write. Throws `DEPOSED` when the saga is somebody else's by now. */
  async write(change: SagaChange): Promise<void> {
    const next = await this.#change(change);
    if (!next) throw this.drop();
    this.saga = next;
    if (change.type === 'abort' || change.type === 'direct') this.#endless();
  }

  /** A saga that has begun does not fail because others keep the journal busy: it asks again, the caller has a deadline. */
  async #change(change: SagaChange): Promise<SagaRecord | null> {
    for (;;) {
      try {
        return await this.engine.session.change(this.saga, change, this.timeline.entries);
      } catch (error) {
        if (!(error instanceof ReliableConnectorError) || error.code !== 'JOURNAL_BUSY') throw error;
        this.engine.logger.warn(
          { ...this.identity, change: change.type },
          'the journal is busy; asking again',
        );
        this.engine.assertOpen();
      }
    }
  }

  /** RESULT: a hint. */
  note(step: StepRun, result: StepResult): void {
    // Of a success the attempt before it has told already.
    if (!step.verdict?.ok) this.timeline.add('verdict', step.name, result.verdict);
    this.engine.session.note(this.saga, step.name, result, this.timeline.entries);
  }

  attempted(step: StepRun, verb: string, answer: string, status: number | null): void {
    this.timeline.add(
      'attempt',
      step.name,
      status === null ? `${verb} ${answer}` : `${verb} ${status} ${answer}`,
    );
    if (!this.engine.events.wants('attempt')) return;
    this.engine.events.emit('attempt', {
      ...this.identity,
      step: step.name,
      verb,
      answer,
      status,
      attempt: step.attempts,
    });
  }

  settling(step: StepRun, waitMs: number): void {
    this.timeline.add('settle', step.name, `${Math.ceil(waitMs)} ms`);
    this.engine.events.emit('settle', { ...this.identity, step: step.name, waitMs });
  }

  get identity(): { readonly sagaId: number; readonly definition: string; readonly key: string | null } {
    return { sagaId: this.saga.id, definition: this.saga.definition, key: this.saga.key };
  }

  /** Work without a deadline that has got nowhere for long is shown as parked, and goes on (4.4 Undo). */
  async fruitless(step: StepRun): Promise<void> {
    if (this.#endlessSince === null || this.saga.parked) return;
    const waited = this.engine.clock.monotonic() - this.#endlessSince;
    if (waited < this.engine.parkAfterMs) return;
    await this.park(step.name, `no definite answer for ${Math.round(waited / 1000)} s; still trying`);
  }

  /** PARKED: visible, never forgotten. Whoever waits is told. */
  async park(step: string, why: string): Promise<void> {
    if (this.saga.parked) return;
    this.timeline.add('park', step, why);
    await this.write({ type: 'park', step, why });
    this.engine.events.emit('park', { ...this.identity, step, why });
    this.engine.logger.warn({ ...this.identity, step, why }, 'saga parked');
    const outcome = this.outcome({ status: 'parked', hint: why });
    this.answer.resolve(outcome);
    this.settled.resolve(outcome);
    this.checkRest();
  }

  /** What blocked it is over. */
  async unpark(): Promise<void> {
    if (!this.saga.parked) return;
    this.timeline.add('unpark');
    await this.write({ type: 'unpark' });
  }

  /** The last record, and everybody is told. */
  async end(ending: Ending): Promise<void> {
    this.#concluding = true;
    this.timeline.add(
      'end',
      undefined,
      ending.reason ? `${ending.status} (${ending.reason})` : ending.status,
    );
    const outcome = this.outcome(ending);
    await this.write({
      type: 'end',
      outcome: storable(outcome),
      hot: ending.hot ?? [],
      ...(ending.catalog && { catalog: ending.catalog }),
      ...(forgettable(ending) && { forget: true }),
    });
    if (ending.status === 'committed' && this.engine.events.wants('decision'))
      this.engine.events.emit('decision', { ...this.identity, decision: 'commit', reason: null });
    const repeats = this.engine.repeatsOf?.(this, outcome) ?? null;
    const told: Outcome = repeats ? { ...outcome, settled: repeats } : outcome;
    if (this.engine.events.wants('end')) this.engine.events.emit('end', { ...this.identity, outcome });
    this.answer.resolve(told);
    this.settled.resolve(told);
    this.checkRest();
  }

  outcome(o: Told): Outcome {
    const nodes: Record<string, NodeResult> = {};
    for (const step of this.steps) nodes[step.name] = this.definition.describe(step);
    const outcome: { -readonly [K in keyof Outcome]: Outcome[K] } = {
      status: o.status,
      sagaId: this.saga.id,
      nodes,
    };
    if (o.reason !== undefined) outcome.reason = o.reason;
    if (o.direction !== undefined) outcome.direction = o.direction;
    if (o.hint !== undefined) outcome.hint = o.hint;
    return outcome;
  }

  /** Decided and durable, but not finished: the caller need not wait longer (4.4 step 6). */
  answerInDoubt(direction: 'forward' | 'abort'): void {
    if (this.answer.settled) return;
    this.answer.resolve({
      ...this.outcome({ status: 'in_doubt', direction }),
      settled: this.settled.promise,
    });
  }

  /** Its saga was given to somebody else (`resolve`): this run sends and decides nothing more. */
  drop(): ReliableConnectorError {
    const deposed = new ReliableConnectorError(
      'DEPOSED',
      `saga ${this.saga.id} was taken over by another process, which will end it; ask its status there or in the journal`,
    );
    this.fail(deposed);
    return deposed;
  }

  /** Nothing more is sent or decided here, by none of its steps; whoever waits is told why. */
  fail(error: Error): void {
    this.#dropped ??= error;
    this.cut();
    this.answer.reject(error);
    this.settled.reject(error);
    this.#rest?.resolve();
  }

  /** Resolves when no step is at work: ended, only waiting for Q, unreachable, or parked (4.6 `recover`). */
  atRest(): Promise<void> {
    this.#rest ??= new Deferred();
    this.checkRest();
    return this.#rest.promise;
  }

  checkRest(): void {
    if (!this.#rest || this.#rest.settled) return;
    const blocked = this.steps.some((step) => step.activity === 'waiting' || step.activity === 'unreachable');
    const idle = blocked && this.steps.every((step) => step.activity !== 'working');
    if (this.saga.parked || this.settled.settled || idle) this.#rest.resolve();
  }

  /** The engine closes: cut every wait. */
  cut(): void {
    this.#waits.abort();
  }

  #endless(): void {
    this.#endlessSince ??= this.engine.clock.monotonic();
    if (this.#waits.signal.aborted) this.#waits = new AbortController();
  }
}
