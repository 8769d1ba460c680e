import type { SagaRun } from '../saga/saga-run.js';
import { undoStep, undoSteps } from '../saga/undo-step.js';
import type { GroupCalls } from './group-calls.js';

/** DELETE(id, token) wherever something may be, in parallel and without end; a node that is stuck blocks no other (4.4 Undo). */
export function undoAll(run: SagaRun, calls: GroupCalls, groupId: string, token: number): Promise<void> {
  return undoSteps(run, 'parallel', (step) =>
    undoStep(step, () => calls.delete(step, groupId, token, 'remove'), {
      refusal: (answer) =>
        answer.class === 'refused'
          ? `the node refuses the undo with ${answer.status}: ${answer.message}`
          : null,
      sentAt: (answer) => answer.sentAt ?? 0,
      // Only a tombstone keeps out a POST that may still be alive (4.7).
      final: (answer) => answer.tombstone === true,
    }),
  );
}
