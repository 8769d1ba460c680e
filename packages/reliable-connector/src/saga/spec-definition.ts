import type { Json } from '../json.js';
import type { NodeResult, Outcome } from '../outcome.js';
import type { Ending, SagaDefinition } from './definition.js';
import type { SagaRun } from './saga-run.js';
import type { SagaSpec, StepAnswer, StepDone, StepRefused, StepSpec } from './saga-spec.js';
import type { Call, Purpose, StepRun } from './step-run.js';
import { timed } from './timed.js';

/** What the engine runs, made from a saga of somebody's own: apply every step, or undo all that may have happened. */
export function definitionOf<I extends Json>(spec: SagaSpec<I>): SagaDefinition {
  const specOf = (step: StepRun): StepSpec<I> => {
    const found = spec.steps.find((one) => one.name === step.name);
    if (!found)
      throw new Error(`saga ${spec.name} has no step ${step.name} any more, but an unfinished saga needs it`);
    return found;
  };
  return {
    name: spec.name,
    fanOut: spec.order ?? 'sequential',

    async apply(step) {
      const answer = await step.untilDefinite(callOf(step, 'apply', specOf(step)));
      const label = answer.class === 'done' ? 'applied' : 'refused';
      return step.conclude('apply', step.run.saga.token, {
        label,
        ok: answer.class === 'done',
        status: answer.status ?? null,
      });
    },

    stops: (judged) => (judged.ok ? null : 'refused'),

    conclude(run, reason) {
      if (run.steps.every((step) => step.verdict?.ok))
        return { kind: 'end', ending: { status: 'committed' } };
      const why = reason ?? 'refused';
      if (run.steps.some(mayHaveHappened)) return { kind: 'abort', reason: why, allocate: false };
      return { kind: 'end', ending: endingFor(why) };
    },

    async backward(run) {
      await undoAll(run, spec.order ?? 'sequential', specOf);
      return { kind: 'end', ending: endingFor(run.saga.reason ?? 'deadline') };
    },

    atDeadline: () => spec.onDeadline ?? 'abort',
    canTurnBack: () => true,
    recall: ({ verdict, status }) => ({ label: verdict, ok: verdict === 'applied', status }),
    describe: describeStep,
  };
}

/** Undo whatever was applied or had any attempt without a definite answer. */
const mayHaveHappened = (step: StepRun): boolean =>
  step.verdict?.label !== 'resolved' && (step.verdict?.label === 'applied' || step.everUnknown);

async function undoAll<I extends Json>(
  run: SagaRun,
  order: 'parallel' | 'sequential',
  specOf: (step: StepRun) => StepSpec<I>,
): Promise<void> {
  const one = async (step: StepRun): Promise<void> => {
    if (mayHaveHappened(step)) await undo(step, specOf(step));
    step.enter('done');
  };
  if (order === 'parallel') await Promise.all(run.steps.map(one));
  else for (const step of run.steps.toReversed()) await one(step);
}

async function undo<I extends Json>(step: StepRun, spec: StepSpec<I>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await step.untilDefinite(callOf(step, 'undo', spec));
    if (answer.class === 'refused') {
      await step.run.park(step.name, `the undo is refused: ${answer.reason}`);
      await step.backOff(attempt, null);
      continue;
    }
    if (!step.mayBeAlive) break;
    await step.settle(step.aliveUntil);
  }
  step.undone = true;
  step.run.engine.events.emit('undo', { ...step.run.identity, step: step.name });
}

function callOf<I extends Json>(
  step: StepRun,
  verb: 'apply' | 'undo',
  spec: StepSpec<I>,
): Call<StepDone | StepRefused> {
  const purpose: Purpose = verb === 'apply' ? 'apply' : 'remove';
  const { saga, engine } = step.run;
  return {
    verb,
    purpose,
    async send({ timeoutMs }) {
      const input = saga.input as I; // stored by `run` of this very definition
      const token = saga.token ?? 0;
      const attempt = step.attempts;
      const answer = await timed(
        engine.clock,
        timeoutMs,
        (signal): Promise<StepAnswer> => spec[verb]({ input, token, sagaId: saga.id, attempt, signal }),
      );
      return { answer, sentAt: answer.class === 'not_sent' ? null : engine.clock.monotonic() };
    },
  };
}

function endingFor(reason: string): Ending {
  return {
    status: reason === 'refused' ? 'rejected' : 'compensated',
    reason: reason as NonNullable<Outcome['reason']>,
  };
}

function describeStep(step: StepRun): NodeResult {
  const state = step.undone
    ? 'undone'
    : step.verdict?.ok
      ? 'applied'
      : step.verdict
        ? 'refused'
        : step.applies === 0 && !step.everUnknown
          ? 'untouched'
          : 'pending';
  return { state, status: step.lastStatus, attempts: step.attempts };
}
