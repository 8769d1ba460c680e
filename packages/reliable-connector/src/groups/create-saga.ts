import type { Outcome } from '../outcome.js';
import type { Ending, SagaDefinition } from '../saga/definition.js';
import { mayHaveHappened } from '../saga/undo-step.js';
import { raiseFences } from './fences.js';
import type { GroupCalls } from './group-calls.js';
import { hotEntriesOf } from './hot-entries.js';
import { suspectsOf } from './hot-rule.js';
import { type CreateInput, inputOf } from './inputs.js';
import { place } from './place.js';
import { ownToken } from './tokens.js';
import { undoAll } from './undo.js';
import { describeNode, isGroupLabel, refusal, verdict } from './verdicts.js';

export const CREATE = 'group.create';

/** create(id) on all nodes (4.4): POST everywhere, or nothing of it remains. */
export function createSaga(calls: GroupCalls): SagaDefinition {
  return {
    name: CREATE,

    // Without `timestamp` all nodes are read first, so that a duplicate is rejected without a write (4.4 step 2); but once
    // something may have been sent, a record found by a read may be our own.
    survey: {
      wanted: (step) => !step.everUnknown && !calls.has(step.name, 'timestamp'),
      async look(step) {
        const { groupId } = inputOf<CreateInput>(step.run.saga);
        const answer = await step.untilDefinite(calls.get(step, groupId));
        if (answer.class === 'refused') return refusal(answer);
        if (answer.class !== 'yes' || suspectsOf(step, step.run.saga.token).length > 0) return null;
        return step.conclude('GET', step.run.saga.token, verdict('exists', answer.status));
      },
    },

    apply: (step) => place(step, calls, inputOf<CreateInput>(step.run.saga).groupId, ownToken(step.run.saga)),

    stops: (judged) => (judged.ok ? null : judged.label),

    conclude(run, reason) {
      const token = ownToken(run.saga);
      if (run.steps.every((step) => step.verdict?.ok)) {
        const ending: Ending = {
          status: 'committed',
          catalog: { set: token },
          hot: hotEntriesOf(run, token),
        };
        return { kind: 'end', ending };
      }
      const why = reason ?? 'refused';
      if (run.steps.some(mayHaveHappened)) return { kind: 'abort', reason: why, allocate: false };
      return { kind: 'end', ending: endingFor(why) };
    },

    async backward(run) {
      await undoAll(run, calls, inputOf<CreateInput>(run.saga).groupId, ownToken(run.saga));
      return { kind: 'end', ending: endingFor(run.saga.reason ?? 'deadline') };
    },

    atDeadline: (saga) => inputOf<CreateInput>(saga).onDeadline,
    canTurnBack: () => true,
    recall: (result) => (isGroupLabel(result.verdict) ? verdict(result.verdict, result.status) : null),
    describe: describeNode,
    takeOver: (run) => raiseFences(run, calls),
  };
}

const HINTS: Readonly<Record<string, string>> = {
  exists: 'a record with this id exists on some node; delete it first, or look at it with getGroup()',
  refused: 'a node declined the request for good; its status says why',
};

function endingFor(reason: string): Ending {
  const status = reason === 'exists' || reason === 'refused' ? 'rejected' : 'compensated';
  const hint = HINTS[reason];
  return { status, reason: reason as Outcome['reason'], ...(hint && { hint }) };
}
