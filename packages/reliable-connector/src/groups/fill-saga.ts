import type { SagaDefinition, Verdict } from '../saga/definition.js';
import type { StepRun } from '../saga/step-run.js';
import { raiseFences } from './fences.js';
import type { GroupCalls } from './group-calls.js';
import { hotEntriesOf } from './hot-entries.js';
import { type FillInput, inputOf } from './inputs.js';
import { place } from './place.js';
import { restore } from './restore.js';
import { priorToken } from './tokens.js';
import { describeNode, refusal, verdict } from './verdicts.js';

export const FILL = 'group.fill';

/**
 * Brings a committed record back onto the nodes that lack it (4.10), under the catalog's own token; where that was
 * burnt, all nodes move to a fresh one. Forward only: it approaches what is committed already.
 */
export function fillSaga(calls: GroupCalls): SagaDefinition {
  return {
    name: FILL,

    // What is committed is read with the lock: a delete may have come before.
    async prepare({ hot: { catalog } }) {
      return catalog
        ? { kind: 'plan', memo: null, prior: catalog.token, allocate: false }
        : { kind: 'end', ending: { status: 'rejected', reason: 'not_found', forget: true } };
    },

    apply: (step) => fill(step, calls),
    stops: (judged) => (judged.label === 'burnt' ? 'burnt' : null),

    conclude(run, reason) {
      const token = priorToken(run.saga);
      const hot = hotEntriesOf(run, token);
      if (reason === 'burnt') return { kind: 'abort', reason, allocate: true };
      if (run.steps.every((step) => step.verdict?.ok))
        return { kind: 'end', ending: { status: 'committed', catalog: { set: token }, hot } };
      const foreign = run.steps.some((step) => step.verdict?.label === 'exists');
      return { kind: 'end', ending: { status: 'rejected', reason: foreign ? 'conflict' : 'refused', hot } };
    },

    backward: (run) =>
      restore(run, calls, inputOf<FillInput>(run.saga).groupId, () => ({ status: 'committed' })),

    atDeadline: () => 'forward',
    canTurnBack: () => false,
    recall: (result, saga) =>
      saga.phase === 'aborting' && result.verdict === 'applied' ? verdict('applied', result.status) : null,
    describe: describeNode,
    takeOver: (run) => raiseFences(run, calls),
  };
}

async function fill(step: StepRun, calls: GroupCalls): Promise<Verdict> {
  const { groupId, force } = inputOf<FillInput>(step.run.saga);
  const token = priorToken(step.run.saga);
  const read = await step.untilDefinite(calls.get(step, groupId));
  const there = read.class === 'yes' && (read.timestamp === undefined || read.timestamp === token);
  if (there) return step.conclude('GET', token, verdict('applied', read.status));
  if (read.class === 'refused') return step.conclude('GET', token, refusal(read));
  if (read.class === 'yes' && force) {
    // It names no version, so one that may be alive could remove what is placed next: as durable as a probe.
    await step.run.write({ type: 'probe', step: step.name, token });
    const removed = await step.untilDefinite(calls.delete(step, groupId, null, 'probe'));
    if (removed.class === 'refused') return step.conclude('DELETE', token, refusal(removed));
  }
  return place(step, calls, groupId, token);
}
