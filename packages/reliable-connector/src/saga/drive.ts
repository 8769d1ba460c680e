import type { Ending, Verdict } from './definition.js';
import { Halted } from './halted.js';
import type { SagaRun } from './saga-run.js';
import type { StepRun } from './step-run.js';

/**
 * Takes a saga from where it stands to its end: `locked` → `applying` → ended, or by way of `aborting` (4.5 "Phases").
 * Returns as well when it is parked for an operator. Throws when this process may not go on with it.
 */
export async function drive(run: SagaRun): Promise<void> {
  if (run.saga.phase === 'locked' && !(await prepare(run))) return;
  if (run.saga.phase === 'applying' && !(await forward(run))) return;
  for (const step of run.steps) step.enter('working');
  const ending = await run.definition.backward(run);
  if (ending.kind === 'park') await run.park(ending.step, ending.why);
  else await run.end(ending.ending);
}

/** Under the lock, before PLAN. False: it has ended. */
async function prepare(run: SagaRun): Promise<boolean> {
  const prepared = await run.definition.prepare?.(run).catch(haltedAsEnd(run));
  if (!prepared) throw new Error(`saga ${run.definition.name} was begun locked but cannot prepare`);
  if (prepared.kind === 'end') {
    await run.end(prepared.ending);
    return false;
  }
  run.timeline.add('plan');
  await run.write({ type: 'plan', memo: prepared.memo, prior: prepared.prior, allocate: prepared.allocate });
  run.planned();
  await run.reconsider();
  return true;
}

/** Nothing was decided and nothing of it sent: stopped while reading. */
function haltedAsEnd(run: SagaRun): (error: unknown) => { kind: 'end'; ending: Ending } {
  return (error) => {
    if (!(error instanceof Halted)) throw error;
    const ending: Ending =
      run.stopReason === 'cancelled'
        ? { status: 'compensated', reason: 'cancelled' }
        : {
            status: 'rejected',
            reason: 'unavailable',
            hint: 'some node gave no answer to a read before the deadline',
          };
    return { kind: 'end', ending };
  };
}

/** All forward work, then the decision. True: it turned back. */
async function forward(run: SagaRun): Promise<boolean> {
  const { definition } = run;
  const { survey } = definition;
  const surveyed = survey ? run.steps.filter((step) => survey.wanted(step)) : [];
  if (survey && surveyed.length > 0) await onEach(run, surveyed, (step) => survey.look(step));
  if (run.stopReason === null) await onEach(run, run.steps, (step) => definition.apply(step));
  const decision = definition.conclude(run, run.stopReason);
  if (decision.kind === 'abort') {
    await run.turnBack(decision.reason, decision);
    return true;
  }
  if (decision.kind === 'park') await run.park(decision.step, decision.why);
  else await run.end(decision.ending);
  return false;
}

/**
 * Runs `work` on every step without a verdict and waits until all of it is at rest: after a stop the calls in flight
 * run out, so that ABORT is never written beside a forward call (S2).
 */
async function onEach(
  run: SagaRun,
  steps: readonly StepRun[],
  work: (step: StepRun) => Promise<Verdict | null>,
): Promise<void> {
  let failure: unknown;
  const one = async (step: StepRun): Promise<void> => {
    if (step.verdict) return step.enter('done');
    if (run.stopReason !== null) return;
    try {
      const verdict = await work(step);
      const why = verdict && run.definition.stops(verdict);
      if (verdict) step.enter('done');
      if (why) run.stop(why);
    } catch (error) {
      if (error instanceof Halted) return;
      failure ??= error;
      run.stop('failed');
    }
  };
  const fanOut = run.definition.fanOut ?? run.engine.fanOut;
  if (fanOut === 'sequential') for (const step of steps) await one(step);
  else await Promise.all(steps.map(one));
  if (failure) throw failure;
}
