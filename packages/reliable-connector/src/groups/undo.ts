import type { SagaRun } from '../saga/saga-run.js';
import type { StepRun } from '../saga/step-run.js';
import type { GroupCalls } from './group-calls.js';

/**
 * Whether a create may have left something here: it was ours, or *some* attempt had no definite answer, whatever its
 * later class (4.4 Undo).
 */
export const mayHoldOurs = (step: StepRun): boolean =>
  step.verdict?.label !== 'resolved' && (step.verdict?.label === 'applied' || step.everUnknown);

/** DELETE(id, token) wherever something may be, in parallel and without end; a node that is stuck blocks no other. */
export async function undoAll(
  run: SagaRun,
  calls: GroupCalls,
  groupId: string,
  token: number,
): Promise<void> {
  await Promise.all(
    run.steps.map(async (step) => {
      if (mayHoldOurs(step)) await undo(step, calls, groupId, token);
      step.enter('done');
    }),
  );
}

async function undo(step: StepRun, calls: GroupCalls, groupId: string, token: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await step.untilDefinite(calls.delete(step, groupId, token, 'remove'));
    if (answer.class === 'refused') {
      await step.run.park(step.name, `the node refuses the undo with ${answer.status}: ${answer.message}`);
      await step.backOff(attempt, null);
      continue;
    }
    // A POST that may still be alive would bring it back: only a tombstone makes that impossible (4.7).
    if (answer.tombstone || !step.mayBeAlive) break;
    await step.settle(step.aliveUntil);
  }
  step.undone = true;
  step.run.engine.events.emit('undo', { ...step.run.identity, step: step.name });
}
