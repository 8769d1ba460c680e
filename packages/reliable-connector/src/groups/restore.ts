import type { Ending, SagaDefinition } from '../saga/definition.js';
import type { SagaRun } from '../saga/saga-run.js';
import type { StepRun } from '../saga/step-run.js';
import { onSteps } from '../saga/undo-step.js';
import type { GroupCalls } from './group-calls.js';
import { hotEntriesOf } from './hot-entries.js';
import { exceptOf } from './inputs.js';
import { place } from './place.js';
import { ownToken } from './tokens.js';

/**
 * Puts a record back whole (4.5 step 4): on each node the old versions are burnt, then the record is placed under a
 * fresh token, immune to late deletes, since they name the old ones only. A 410 starts over with the next token.
 */
export async function restore(
  run: SagaRun,
  calls: GroupCalls,
  groupId: string,
  ending: (run: SagaRun) => Ending,
): ReturnType<SagaDefinition['backward']> {
  const steps = run.steps.filter((step) => !exceptOf(run.saga).includes(step.name));
  // What this process learnt going forward speaks of the old version.
  if (run.justTurned) for (const step of steps) step.startOver();
  for (;;) {
    await onSteps(steps, 'parallel', (step) => burnAndPlace(step, calls, groupId));
    const blocked = steps.find(
      (step) => step.verdict?.label === 'exists' || step.verdict?.label === 'refused',
    );
    if (blocked) return { kind: 'park', step: blocked.name, why: whyBlocked(blocked) };
    const token = ownToken(run.saga);
    if (!steps.some((step) => step.verdict?.label === 'burnt'))
      return {
        kind: 'end',
        ending: { ...ending(run), catalog: { set: token }, hot: hotEntriesOf(run, token) },
      };
    run.timeline.add('retoken');
    const hot = hotEntriesOf(run, token);
    await run.write({ type: 'retoken', hot });
    run.hot = run.hot.with(hot); // a late request of the old token may now be met as a record
    for (const step of steps) if (step.verdict?.label !== 'resolved') step.startOver();
  }
}

async function burnAndPlace(step: StepRun, calls: GroupCalls, groupId: string): Promise<void> {
  const { saga } = step.run;
  if (step.verdict?.ok) return step.enter('done');
  for (const token of saga.burnt) {
    const answer = await step.untilDefinite(calls.delete(step, groupId, token, 'remove'));
    if (answer.class !== 'refused') continue;
    step.verdict = { label: 'refused', ok: false, status: answer.status };
    return step.enter('done');
  }
  await place(step, calls, groupId, ownToken(saga));
  step.enter('done');
}

function whyBlocked(step: StepRun): string {
  return step.verdict?.label === 'exists'
    ? 'the record cannot be put back: somebody else has created the id on this node meanwhile'
    : `the record cannot be put back: the node refuses it (${step.verdict?.status ?? 'no status'})`;
}
