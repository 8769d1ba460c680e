import type { Verdict } from '../saga/definition.js';
import { isDefinite } from '../saga/reply.js';
import type { StepRun } from '../saga/step-run.js';
import type { GroupCalls } from './group-calls.js';
import { HotRounds, suspectsOf } from './hot-rule.js';
import { refusal, verdict } from './verdicts.js';

/** What to do about a record that is in the way: it is judged, or the POST starts over. */
type Found = Verdict | 'start over';

/**
 * Brings (id, token) onto one node, to a definite end (4.4 step 3 and 4.5 step 4): `applied`, `exists` (somebody
 * else's), `refused`, or `burnt` (410: this token was deleted here and can never come back).
 */
export async function place(
  step: StepRun,
  calls: GroupCalls,
  groupId: string,
  token: number,
): Promise<Verdict> {
  const rounds = new HotRounds(step, calls, groupId);
  const end = (judged: Verdict): Verdict => step.conclude('POST', token, judged);
  for (let attempt = 1; ; attempt += 1) {
    // A probe that may be alive would remove what this POST brings.
    if (step.probeAliveUntil > 0) await step.settle(step.probeAliveUntil);
    const answer = await step.call(calls.post(step, groupId, token));
    if (!isDefinite(answer)) {
      await step.backOff(attempt, answer);
      continue;
    }
    if (answer.class === 'yes') return end(verdict('applied', answer.status));
    if (answer.class === 'refused') return end(refusal(answer));
    if (answer.class === 'burnt') return end(verdict('burnt', answer.status));
    const found = await judge(step, calls, groupId, token, rounds);
    if (found !== 'start over') return end(found);
    if (attempt > 1) await step.backOff(attempt, null);
  }
}

/** A 400: the hot rule first, then MAYBE_OURS, and only what is left is FOREIGN. */
async function judge(
  step: StepRun,
  calls: GroupCalls,
  id: string,
  token: number,
  rounds: HotRounds,
): Promise<Found> {
  const suspects = suspectsOf(step, token);
  const asks = calls.has(step.name, 'timestamp');
  if (suspects.length > 0 && !asks)
    return (await rounds.remove(suspects)) ? 'start over' : verdict('refused', null);
  if (!step.everUnknown && suspects.length === 0) return verdict('exists', step.lastStatus);
  return asks ? ask(step, calls, id, token) : probe(step, calls, id, token);
}

/** With the extension `timestamp` the node tells whose record it is. */
async function ask(step: StepRun, calls: GroupCalls, id: string, token: number): Promise<Found> {
  const answer = await step.untilDefinite(calls.get(step, id));
  if (answer.class === 'refused') return refusal(answer);
  if (answer.class !== 'yes' || answer.timestamp === undefined) return 'start over';
  if (answer.timestamp === token) return verdict('applied', answer.status);
  const suspect = suspectsOf(step, token).find((entry) => entry.token === answer.timestamp);
  if (!suspect) return verdict('exists', answer.status);
  const removed = await step.untilDefinite(calls.delete(step, id, suspect.token, 'remove'));
  return removed.class === 'refused' ? refusal(removed) : 'start over';
}

/**
 * Without it, DELETE(id, token) asks: 200 was ours (and is gone, so start over), 404 is FOREIGN – but only the first
 * attempt can tell, since a later 404 may be the echo of an earlier one (4.4).
 */
async function probe(step: StepRun, calls: GroupCalls, id: string, token: number): Promise<Found> {
  const { run } = step;
  if (run.saga.probes[step.name] !== token) {
    run.timeline.add('probe', step.name);
    await run.write({ type: 'probe', step: step.name, token });
  }
  const question = calls.delete(step, id, token, 'probe');
  const first = await step.call(question);
  if (first.class === 'no') return verdict('exists', first.status);
  if (first.class === 'refused') return refusal(first);
  if (isDefinite(first)) return 'start over';
  await step.backOff(1, first);
  await step.untilDefinite(question);
  return 'start over';
}
