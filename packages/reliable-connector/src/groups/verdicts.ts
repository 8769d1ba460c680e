import type { NodeResult } from '../outcome.js';
import type { Verdict } from '../saga/definition.js';
import type { StepRun } from '../saga/step-run.js';

/** The labels of a group saga's verdicts; stored in RESULT, so never change them. */
export type GroupLabel = (typeof LABELS)[number];

const LABELS = ['applied', 'exists', 'refused', 'burnt', 'removed', 'absent', 'conflict'] as const;

const GOOD: ReadonlySet<GroupLabel> = new Set(['applied', 'removed', 'absent']);

export const isGroupLabel = (label: string): label is GroupLabel => LABELS.some((known) => known === label);

export const verdict = (label: GroupLabel, status: number | null): Verdict => ({
  label,
  ok: GOOD.has(label),
  status,
});

/** A node's refusal, in its own words. */
export const refusal = (answer: { readonly status: number; readonly message: string }): Verdict => ({
  label: 'refused',
  ok: false,
  status: answer.status,
  detail: answer.message,
});

const STATES: Readonly<Record<string, NodeResult['state']>> = {
  applied: 'applied',
  removed: 'applied',
  absent: 'applied',
  resolved: 'applied',
  exists: 'foreign',
  conflict: 'foreign',
  refused: 'refused',
};

/** One node for the caller's eyes. */
export function describeNode(step: StepRun): NodeResult {
  const { lastStatus: status, attempts, verdict: known } = step;
  const state = stateOf(step);
  return known?.detail === undefined
    ? { state, status, attempts }
    : { state, status, attempts, detail: known.detail };
}

function stateOf(step: StepRun): NodeResult['state'] {
  if (step.undone) return 'undone';
  const known = step.verdict && STATES[step.verdict.label];
  if (known) return known;
  return step.applies === 0 && !step.everUnknown ? 'untouched' : 'pending';
}
