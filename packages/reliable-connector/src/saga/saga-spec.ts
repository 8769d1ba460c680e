import type { Json } from '../json.js';
import type { NotSent, Unknown } from './reply.js';

/** What a call of `apply` or `undo` is given. */
export interface StepCall<I extends Json> {
  readonly input: I;
  /**
   * One number per saga, the same in every attempt and after a crash: send it along, so that the other side can tell a
   * repetition from a new request, and so that `undo` names exactly what `apply` made.
   */
  readonly token: number;
  readonly sagaId: number;
  /** 1 for the first call of this step by this process. */
  readonly attempt: number;
  /** Aborts when the attempt has taken too long; what was sent by then counts as unknown. */
  readonly signal: AbortSignal;
}

/** The definite answers of a step. */
export type StepDone = { readonly class: 'done'; readonly status?: number | null };
export type StepRefused = {
  readonly class: 'refused';
  readonly reason: string;
  readonly status?: number | null;
};

/** How one call ended. Only `done` and `refused` are definite; a call that throws counts as `unknown`, possibly alive. */
export type StepAnswer = StepDone | StepRefused | NotSent | Unknown;

/** It is done, for certain. For `undo`: nothing of it is left, or it never was there. */
export const done = (): StepAnswer => ({ class: 'done' });

/** It was not done and never will be: the saga turns back. */
export const refused = (reason: string): StepAnswer => ({ class: 'refused', reason });

/** The request never left; it may be sent again at will. */
export const notSent = (cause: Error): StepAnswer => ({ class: 'not_sent', cause });

/**
 * It may have been done. `alive` (default true): it may also still be done later, up to `maxServerLagMs` after it was
 * sent; say false only if the other side has told that it is finished with it.
 */
export const unknown = (
  cause: Error,
  o: { readonly alive?: boolean; readonly retryAfterMs?: number } = {},
): StepAnswer => ({
  class: 'unknown',
  status: null,
  alive: o.alive ?? true,
  retryAfterMs: o.retryAfterMs ?? null,
  cause,
});

/**
 * One step. Both calls are repeated until they are definite, so both must be safe to repeat with the same token, and
 * `undo` must also be safe when `apply` never arrived.
 */
export interface StepSpec<I extends Json> {
  readonly name: string;
  apply(call: StepCall<I>): Promise<StepAnswer>;
  undo(call: StepCall<I>): Promise<StepAnswer>;
}

/** A kind of saga of your own. */
export interface SagaSpec<I extends Json> {
  /** Stored in the journal: after a crash the code is found by it. Never change it while such sagas are unfinished. */
  readonly name: string;
  readonly steps: readonly StepSpec<I>[];
  /** Steps together, or each after the one before it, undone in the reverse order. Default `sequential`. */
  readonly order?: 'parallel' | 'sequential';
  /** At the deadline while undecided. Default `abort`. */
  readonly onDeadline?: 'abort' | 'forward';
}
