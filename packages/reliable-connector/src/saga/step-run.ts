import { sleep } from '../clock.js';
import type { StepResult } from '../journal/records.js';
import { backoffMs } from '../nodes/backoff.js';
import type { Verdict } from './definition.js';
import { type Attempted, type Definite, isDefinite, type NotSent, type Unknown } from './reply.js';
import type { SagaRun } from './saga-run.js';

/**
 * What a call is for, which decides how it is accounted (4.2): `apply` may leave something behind late, `probe` may
 * remove something late, `remove` names only versions that nobody wants any more, `read` changes nothing.
 */
export type Purpose = 'apply' | 'probe' | 'remove' | 'read';

/** Bounds of one attempt, for a transport. */
export interface CallBounds {
  readonly timeoutMs: number;
  readonly queueMs: number;
  /** Monotonic ms; present while a deadline is in force. */
  readonly endsAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Call<D extends Definite> {
  readonly verb: string;
  readonly purpose: Purpose;
  send(bounds: CallBounds): Promise<Attempted<D>>;
}

/** So many attempts in a row without a reply make a step unreachable, for `recover` (4.6). */
const UNREACHABLE_AFTER = 3;
/** The same for a node that does answer, but never definitely. */
const HOPELESS_AFTER = 12;

/** One step of one running saga: what its attempts have told so far. */
export class StepRun {
  readonly name: string;
  readonly run: SagaRun;
  verdict: Verdict | null = null;
  /** Some attempt to apply had no definite answer, ever (4.4 Undo). */
  everUnknown = false;
  /** Monotonic ms until which a request to apply may be alive; 0: none is. */
  aliveUntil = 0;
  /** The same for a question that removes (PROBE, 4.4): no POST before. */
  probeAliveUntil = 0;
  /** Calls that reached the network to apply something. */
  applies = 0;
  /** Nothing of the saga is left here any more. */
  undone = false;
  attempts = 0;
  lastStatus: number | null = null;
  /** `working`, or why `recover` need not wait for it: not begun, waiting for Q, no definite answer for long, done. */
  activity: 'idle' | 'working' | 'waiting' | 'unreachable' | 'done' = 'idle';
  /** Ms of monotonic time at which a wait for Q ends, while `waiting`. */
  waitsUntil = 0;
  /** Indefinite answers in a row. */
  #fruitless = 0;

  constructor(run: SagaRun, name: string) {
    this.run = run;
    this.name = name;
  }

  /** Whether a request to apply may still take effect. */
  get mayBeAlive(): boolean {
    return this.aliveUntil > 0 && this.aliveUntil > this.run.engine.clock.monotonic();
  }

  /** One attempt, with its accounting. Throws `Halted` before it when forward work was stopped. */
  async call<D extends Definite>(call: Call<D>): Promise<D | NotSent | Unknown> {
    const { run } = this;
    run.assertGoing();
    this.attempts += 1;
    if (this.activity === 'idle') this.activity = 'working';
    const { answer, sentAt } = await call.send(run.bounds(call.purpose));
    run.engine.assertOpen();
    this.#account(call.purpose, answer, sentAt);
    const status = 'status' in answer ? (answer.status ?? null) : null;
    if (status !== null) this.lastStatus = status;
    run.attempted(this, call.verb, answer.class, status);
    return answer;
  }

  /** Attempts until a definite answer: to the deadline while going forward, without end while undoing (4.8). */
  async untilDefinite<D extends Definite>(call: Call<D>): Promise<D> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.call(call);
      if (isDefinite(answer)) {
        if (answer.class !== 'refused' && this.run.saga.parked?.step === this.name) await this.run.unpark();
        return answer;
      }
      await this.backOff(attempt, answer);
    }
  }

  /** The wait between two attempts: full jitter, `Retry-After` as a floor, cut short when the work is stopped. */
  async backOff(attempt: number, answer: NotSent | Unknown | null): Promise<void> {
    const { retry, random } = this.run.engine;
    const capMs = this.run.goesBack ? retry.undoCapMs : retry.capMs;
    // Forward work is cut by its deadline; without one a node may not ask for a wait longer than our own.
    const askedMs = Math.min(
      answer?.retryAfterMs ?? 0,
      this.run.hasDeadline ? Number.POSITIVE_INFINITY : retry.undoCapMs,
    );
    const waitMs = Math.max(backoffMs(attempt, { baseMs: retry.baseMs, capMs }, random), askedMs);
    await this.run.fruitless(this);
    await this.pause(waitMs);
  }

  /** Waits; throws `Halted` when the work was stopped meanwhile. */
  async pause(waitMs: number): Promise<void> {
    const { run } = this;
    if (waitMs > 0) await sleep(run.engine.clock, waitMs, run.signal);
    run.assertGoing();
  }

  /** Waits for an instant at which some request can no longer be alive; `recover` does not wait with it. */
  async settle(until: number): Promise<void> {
    const waitMs = until - this.run.engine.clock.monotonic();
    if (waitMs <= 0) return;
    this.waitsUntil = until;
    this.run.settling(this, waitMs);
    this.enter('waiting');
    const { clock } = this.run.engine;
    for (let left = waitMs; left > 0; left = until - clock.monotonic()) await this.pause(left);
    this.enter('working');
  }

  enter(activity: StepRun['activity']): void {
    this.activity = activity;
    this.run.checkRest();
  }

  /** A definite end: remembered, and written down as a hint. */
  conclude(verb: string, token: number | null, verdict: Verdict): Verdict {
    this.verdict = verdict;
    const result: StepResult = {
      verb,
      token,
      verdict: verdict.label,
      status: verdict.status,
      everUnknown: this.everUnknown,
      alive: this.mayBeAlive,
    };
    this.run.note(this, result);
    return verdict;
  }

  /** The accounts of a step whose process died: everything unknown unless a RESULT says otherwise (4.2). */
  assumeTheWorst(result: StepResult | undefined, verdict: Verdict | null): void {
    const until = this.run.engine.clock.monotonic() + this.run.engine.maxServerLagMs;
    this.everUnknown = result?.everUnknown ?? true;
    this.aliveUntil = (result?.alive ?? true) ? until : 0;
    this.verdict = verdict;
    this.lastStatus = result?.status ?? null;
  }

  /** A fresh token: nothing of it has been sent anywhere. */
  startOver(): void {
    this.verdict = null;
    this.everUnknown = false;
    this.aliveUntil = 0;
    this.probeAliveUntil = 0;
  }

  #account(purpose: Purpose, answer: Definite | NotSent | Unknown, sentAt: number | null): void {
    this.#fruitless = isDefinite(answer) ? 0 : this.#fruitless + 1;
    const silent = answer.class === 'not_sent' || (answer.class === 'unknown' && answer.status === null);
    if (this.#fruitless >= (silent ? UNREACHABLE_AFTER : HOPELESS_AFTER)) this.enter('unreachable');
    else if (this.activity === 'unreachable') this.enter('working');
    if (sentAt === null || purpose === 'read' || purpose === 'remove') return;
    const { maxServerLagMs, proxyMayResend } = this.run.engine;
    const unknown = 'alive' in answer ? answer : null;
    const until = unknown?.alive || proxyMayResend ? sentAt + maxServerLagMs : 0;
    if (purpose === 'probe') {
      this.probeAliveUntil = Math.max(this.probeAliveUntil, until);
      return;
    }
    this.applies += 1;
    this.everUnknown ||= unknown !== null || proxyMayResend;
    this.aliveUntil = Math.max(this.aliveUntil, until);
  }
}
