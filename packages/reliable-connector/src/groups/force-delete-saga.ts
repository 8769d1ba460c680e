import type { SagaDefinition } from '../saga/definition.js';
import { raiseFences } from './fences.js';
import type { GroupCalls } from './group-calls.js';
import { type DeleteInput, inputOf } from './inputs.js';
import { describeNode, refusal, verdict } from './verdicts.js';

export const FORCE_DELETE = 'group.force-delete';

/**
 * Deletes any version (4.5 step 7), forward only. Such a DELETE names no version, so one that may be alive could remove
 * a later record: the key stays locked until none can be.
 */
export function forceDeleteSaga(calls: GroupCalls): SagaDefinition {
  return {
    name: FORCE_DELETE,

    async apply(step) {
      const { groupId } = inputOf<DeleteInput>(step.run.saga);
      const answer = await step.untilDefinite(calls.delete(step, groupId, null, 'apply'));
      await step.settle(step.aliveUntil);
      if (answer.class === 'refused') return step.conclude('DELETE', null, refusal(answer));
      const label = answer.class === 'yes' ? 'removed' : 'absent';
      return step.conclude('DELETE', null, verdict(label, answer.status));
    },

    stops: (judged) => (judged.ok ? null : judged.label),

    conclude(run) {
      const { catalog } = run.hot;
      const forgets = catalog && { catalog: { deleteToken: catalog.token } };
      const refused = run.steps.find((step) => step.verdict?.label === 'refused');
      const touched = run.steps.some((step) => step.verdict?.label === 'removed' || step.everUnknown);
      if (refused && touched)
        return {
          kind: 'park',
          step: refused.name,
          why: 'the node refuses the DELETE while other nodes may have carried it out',
        };
      if (refused) return { kind: 'end', ending: { status: 'rejected', reason: 'refused' } };
      if (!touched && run.steps.every((step) => step.verdict?.label === 'absent'))
        return { kind: 'end', ending: { status: 'rejected', reason: 'not_found', ...forgets } };
      return { kind: 'end', ending: { status: 'committed', ...forgets } };
    },

    backward: () => Promise.reject(new Error('a forced delete never turns back')),
    atDeadline: () => 'forward',
    canTurnBack: () => false,
    // A refusal may have passed; what was removed is removed.
    recall: ({ verdict: label, status }) =>
      label === 'removed' || label === 'absent' ? verdict(label, status) : null,
    describe: describeNode,
    takeOver: (run) => raiseFences(run, calls),
  };
}
