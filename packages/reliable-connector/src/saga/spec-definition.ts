import type { Json } from '../json.js';
import type { NodeResult, Outcome } from '../outcome.js';
import type { Ending, SagaDefinition } from './definition.js';
import type { SagaSpec, StepAnswer, StepDone, StepRefused, StepSpec } from './saga-spec.js';
import type { Call, Purpose, StepRun } from './step-run.js';
import { timed } from './timed.js';
import { mayHaveHappened, undoStep, undoSteps } from './undo-step.js';

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
      if (answer.class === 'refused')
        return step.conclude('apply', step.run.saga.token, {
          label: 'refused',
          ok: false,
          status: answer.status ?? null,
          detail: answer.reason,
        });
      return step.conclude('apply', step.run.saga.token, {
        label: 'applied',
        ok: true,
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
      await undoSteps(run, spec.order ?? 'sequential', (step) => {
        const sent = { at: 0 };
        return undoStep(step, () => callOf(step, 'undo', specOf(step), sent), {
          refusal: (answer) => (answer.class === 'refused' ? `the undo is refused: ${answer.reason}` : null),
          sentAt: () => sent.at,
        });
      });
      return { kind: 'end', ending: endingFor(run.saga.reason ?? 'deadline') };
    },

    atDeadline: () => spec.onDeadline ?? 'abort',
    canTurnBack: () => true,
    recall: ({ verdict, status }) => ({ label: verdict, ok: verdict === 'applied', status }),
    describe: describeStep,
  };
}

/** `sent.at` becomes the monotonic ms before the call: what it tells about is not younger. */
function callOf<I extends Json>(
  step: StepRun,
  verb: 'apply' | 'undo',
  spec: StepSpec<I>,
  sent: { at: number } = { at: 0 },
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
      sent.at = engine.clock.monotonic();
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
  const detail = step.verdict?.detail;
  return { state, status: step.lastStatus, attempts: step.attempts, ...(detail !== undefined && { detail }) };
}
