import type { Outcome } from '../outcome.js';
import type { Decision, Ending, SagaDefinition, Verdict } from '../saga/definition.js';
import type { SagaRun } from '../saga/saga-run.js';
import type { StepRun } from '../saga/step-run.js';
import { readUnderLock } from './delete-reading.js';
import { raiseFences } from './fences.js';
import type { GroupCalls } from './group-calls.js';
import { HotRounds } from './hot-rule.js';
import { type DeleteInput, inputOf } from './inputs.js';
import { restore } from './restore.js';
import { priorToken } from './tokens.js';
import { describeNode, refusal, verdict } from './verdicts.js';

export const DELETE = 'group.delete';

/** delete(id) on all nodes (4.5). PLAN is its pivot: it goes forward, or puts everything back where that was asked for. */
export function deleteSaga(calls: GroupCalls): SagaDefinition {
  const restores = (run: SagaRun): boolean => inputOf<DeleteInput>(run.saga).onFailure === 'restore';
  return {
    name: DELETE,
    prepare: (run) => readUnderLock(run, calls, inputOf<DeleteInput>(run.saga).groupId),
    apply: (step) => removeVersion(step, calls),
    stops: (judged) => (judged.label === 'refused' ? 'refused' : null),

    conclude(run, reason) {
      const t0 = priorToken(run.saga);
      const withLabel = (label: string): StepRun[] =>
        run.steps.filter((step) => step.verdict?.label === label);
      if (run.steps.every((step) => step.verdict?.ok))
        return { kind: 'end', ending: { status: 'committed', catalog: { deleteToken: t0 } } };
      const [refused] = withLabel('refused');
      if (refused) return afterRefusal(run, refused, restores(run));
      const except = withLabel('conflict').map((step) => step.name);
      if (reason !== null) return { kind: 'abort', reason, allocate: true, memo: { except } };
      if (!restores(run) || !run.steps.some(mayHaveRemoved))
        return { kind: 'end', ending: { ...endingFor('conflict'), catalog: { deleteToken: t0 } } };
      return { kind: 'abort', reason: 'conflict', allocate: true, memo: { except } };
    },

    async backward(run) {
      const { groupId } = inputOf<DeleteInput>(run.saga);
      return restore(run, calls, groupId, ({ saga }) => endingFor(saga.reason ?? 'deadline'));
    },

    atDeadline: (saga) => (inputOf<DeleteInput>(saga).onFailure === 'restore' ? 'abort' : 'forward'),
    canTurnBack: (saga) => inputOf<DeleteInput>(saga).onFailure === 'restore',
    recall: (result, saga) =>
      saga.phase === 'aborting' && result.verdict === 'applied' ? verdict('applied', result.status) : null,
    describe: describeNode,
    takeOver: (run) => raiseFences(run, calls),
  };
}

/** DELETE(id, t₀) to a definite end on one node: `removed`, `absent`, `conflict` or `refused` (4.5 step 2). */
async function removeVersion(step: StepRun, calls: GroupCalls): Promise<Verdict> {
  const { groupId } = inputOf<DeleteInput>(step.run.saga);
  const t0 = priorToken(step.run.saga);
  const rounds = new HotRounds(step, calls, groupId);
  const end = (judged: Verdict): Verdict => step.conclude('DELETE', t0, judged);
  for (let attempt = 1; ; attempt += 1) {
    const removed = await step.untilDefinite(calls.delete(step, groupId, t0, 'apply'));
    if (removed.class === 'refused') return end(refusal(removed));
    if (removed.class === 'yes') return end(verdict('removed', removed.status));
    const read = await step.untilDefinite(calls.get(step, groupId));
    if (read.class === 'refused') return end(refusal(read));
    if (read.class !== 'yes') return end(verdict('absent', read.status));
    // The record came between the two calls, is a late POST of this journal's past, or is somebody else's.
    if (read.timestamp !== t0) {
      const hot = step.run.hot.at(step.name);
      const explained = hot.some((entry) => read.timestamp === undefined || entry.token === read.timestamp);
      if (!explained) return end(verdict('conflict', read.status));
      if (!(await rounds.remove(hot))) return end(verdict('refused', step.lastStatus));
    }
    if (attempt > 1) await step.backOff(attempt, null);
  }
}

const mayHaveRemoved = (step: StepRun): boolean => step.verdict?.label === 'removed' || step.everUnknown;

/** 4.5 step 6: nothing happened yet, or it can be put back, or an operator has to decide. */
function afterRefusal(run: SagaRun, refused: StepRun, restores: boolean): Decision {
  const touched = run.steps.some(mayHaveRemoved);
  if (!touched) return { kind: 'end', ending: endingFor('refused') };
  const except = run.steps.filter((step) => step.verdict?.label === 'conflict').map((step) => step.name);
  if (restores) return { kind: 'abort', reason: 'refused', allocate: true, memo: { except } };
  const why = `the node refuses the DELETE with ${refused.verdict?.status} while other nodes may have removed the record`;
  return { kind: 'park', step: refused.name, why };
}

const HINTS: Readonly<Record<string, string>> = {
  conflict:
    'some node holds another version of the record; look at it with verify(), then repair() or delete with force',
  refused: 'a node declined the request for good; its status says why',
};

function endingFor(reason: string): Ending {
  const status = reason === 'conflict' || reason === 'refused' ? 'rejected' : 'compensated';
  const hint = HINTS[reason];
  return { status, reason: reason as Outcome['reason'], ...(hint && { hint }) };
}
