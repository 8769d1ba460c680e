import type { Definite } from './reply.js';
import type { SagaRun } from './saga-run.js';
import type { Call, StepRun } from './step-run.js';

/**
 * Whether a step may have left something: it was applied, or *some* attempt had no definite answer, whatever its later
 * class (4.4 Undo).
 */
export const mayHaveHappened = (step: StepRun): boolean =>
  step.verdict?.label !== 'resolved' && (step.verdict?.label === 'applied' || step.everUnknown);

/** How the definite answers of an undo are read. */
export interface UndoReading<D extends Definite> {
  /** Why it is refused; null: it is not. */
  refusal(answer: D): string | null;
  /** Monotonic ms at which the answered call was sent. */
  sentAt(answer: D): number;
  /** Nothing can come late any more, whatever is still alive. */
  final?(answer: D): boolean;
}

/**
 * Undoes one step, without end: refused is parked and asked again; what might still have landed after the answered call
 * was sent is waited for, and undone once more.
 */
export async function undoStep<D extends Definite>(
  step: StepRun,
  call: () => Call<D>,
  o: UndoReading<D>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await step.untilDefinite(call());
    const refusal = o.refusal(answer);
    if (refusal !== null) {
      await step.run.park(step.name, refusal);
      await step.backOff(attempt, null);
      continue;
    }
    if (o.final?.(answer) || step.aliveUntil <= o.sentAt(answer)) break;
    await step.settle(step.aliveUntil);
  }
  step.undone = true;
  step.run.engine.events.emit('undo', { ...step.run.identity, step: step.name });
}

/** All at once or one after the other; ends when none is at work any more, so that nothing is sent after it. */
export async function onSteps(
  steps: readonly StepRun[],
  order: 'parallel' | 'sequential',
  work: (step: StepRun) => Promise<void>,
): Promise<void> {
  if (order === 'sequential') {
    for (const step of steps) await work(step);
    return;
  }
  const ends = await Promise.allSettled(steps.map(work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Undoes every step of a run that may have left something. */
export async function undoSteps(
  run: SagaRun,
  order: 'parallel' | 'sequential',
  one: (step: StepRun) => Promise<void>,
): Promise<void> {
  const steps = order === 'sequential' ? run.steps.toReversed() : run.steps;
  await onSteps(steps, order, async (step) => {
    if (mayHaveHappened(step)) await one(step);
    step.enter('done');
  });
}
