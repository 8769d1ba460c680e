import type { Outcome } from '../../../src/outcome.js';
import type { DurableWrite } from '../journal/durable.js';
import { type Invocation, outcomeText } from '../load/invocation.js';
import type { Rule, Scene } from './rule.js';

/** Errors that a process may answer with when its life, and not the saga, is the trouble. */
const OF_THE_PROCESS = new Set([
  'CLOSED',
  'DEPOSED',
  'JOURNAL_STOPPED',
  'LEADERSHIP_LOST',
  'LEADERSHIP_STALE',
]);

/** S9: one idempotency key, one saga, one outcome. L2: every promise settles by its deadline and one commit. */
export class Promises implements Rule {
  readonly #scene: Scene;
  readonly #commitMs: number;
  /** The first telling answer of each idempotency key. */
  readonly #told = new Map<string, Invocation>();
  readonly #planned = new Map<string, number>();

  constructor(scene: Scene, commitMs: number) {
    this.#scene = scene;
    this.#commitMs = commitMs;
  }

  wrote({ before, after }: DurableWrite): void {
    const key = after.idempotencyKey;
    if (key === null || after.phase !== 'applying' || before?.phase === 'applying') return;
    const other = this.#planned.get(key);
    if (other !== undefined && other !== after.id)
      this.#scene.report('S9', `the sagas ${other} and ${after.id} were both planned for the key ${key}`);
    this.#planned.set(key, after.id);
  }

  answered(invocation: Invocation): void {
    const { op, groupId, process, invokedAt, deadlineMs, error, answeredAt, stoppedMsBefore } = invocation;
    const took = (answeredAt ?? 0) - invokedAt - (process.stoppedMs - stoppedMsBefore);
    if (took > deadlineMs + this.#commitMs)
      this.#scene.report('L2', `${op} ${groupId} took ${Math.round(took)} ms of its ${deadlineMs} ms`);
    const code = error !== null && 'code' in error ? String(error.code) : null;
    if (invocation.idempotencyKey !== null) this.#compare(invocation, invocation.idempotencyKey, code);
    if (error === null || code === 'IDEMPOTENCY_MISMATCH' || OF_THE_PROCESS.has(code ?? '')) return;
    this.#scene.report('X', `${op} ${groupId} threw ${error.stack ?? error.message}`);
  }

  atRest(): void {
    for (const { op, groupId, answeredAt, process, order } of this.#scene.invocations)
      if (answeredAt === null && process.alive)
        this.#scene.report('L2', `${op} ${groupId} (call ${order}) of ${process.name} was never answered`);
  }

  #compare(invocation: Invocation, key: string, code: string | null): void {
    const first = this.#told.get(key);
    const mismatch = code === 'IDEMPOTENCY_MISMATCH';
    if (mismatch && first?.args === invocation.args)
      this.#scene.report('S9', `the key ${key} was called a mismatch for the very same call`);
    const { outcome } = invocation;
    if (outcome === null || outcome.sagaId === null) return;
    if (outcome.reason === 'busy' || outcome.reason === 'unavailable') return;
    // Told before anything was decided: the saga may still be forgotten.
    if (outcome.status === 'in_doubt' && outcome.direction === undefined) return;
    if (first === undefined) this.#told.set(key, invocation);
    else this.#sameAgain(key, first, invocation, outcome);
  }

  #sameAgain(key: string, first: Invocation, again: Invocation, outcome: Outcome): void {
    const report = (text: string): void => this.#scene.report('S9', `the key ${key} ${text}`);
    if (first.args !== again.args) {
      report(`was accepted for ${first.args} and for ${again.args}`);
      return;
    }
    if (first.outcome?.sagaId !== outcome.sagaId)
      report(`led to the sagas ${first.outcome?.sagaId} and ${outcome.sagaId}`);
    const [one, other] = [first.outcome, outcome].map((each) =>
      each && isFinal(each.status) ? outcomeText(each) : null,
    );
    if (one && other && one !== other) report(`was answered ${one} and ${other}`);
  }
}

function isFinal(status: string): boolean {
  return status !== 'in_doubt' && status !== 'parked';
}
