import type { Prepared } from '../saga/definition.js';
import type { SagaRun } from '../saga/saga-run.js';
import type { StepRun } from '../saga/step-run.js';
import type { GroupAnswer, GroupCalls } from './group-calls.js';
import { HotRounds, suspectsOf } from './hot-rule.js';

/** What one node holds before a delete. */
interface Reading {
  readonly state: 'absent' | 'present' | 'refused';
  /** The version, where the node tells it; undefined: it does not; null: the record has none. */
  readonly timestamp: number | null | undefined;
}

const UNKNOWN_VERSION =
  'this journal did not make the record and the nodes do not tell its version; delete it with force if any version may go';

/** 4.5 step 1: which version is to be deleted, read from all nodes under the lock. */
export async function readUnderLock(run: SagaRun, calls: GroupCalls, groupId: string): Promise<Prepared> {
  const readings = await Promise.all(run.steps.map((step) => read(step, calls, groupId)));
  const { catalog } = run.hot;
  const forgets = catalog && { catalog: { deleteToken: catalog.token } };
  const rejected = (reason: 'refused' | 'not_found' | 'unknown_version', more: object = {}): Prepared => ({
    kind: 'end',
    ending: { status: 'rejected', reason, ...more },
  });
  if (readings.some((one) => one.state === 'refused')) return rejected('refused');
  const present = readings.filter((one) => one.state === 'present');
  if (present.length === 0) return rejected('not_found', { ...forgets });
  const prior = catalog?.token ?? soleVersion(present);
  if (prior === null) return rejected('unknown_version', { hint: UNKNOWN_VERSION });
  return { kind: 'plan', memo: null, prior, allocate: false };
}

/** The one version that all nodes with a record tell; null: they do not tell, or differ. */
function soleVersion(present: readonly Reading[]): number | null {
  const [first, ...others] = new Set(present.map((one) => one.timestamp));
  return others.length === 0 ? (first ?? null) : null;
}

async function read(step: StepRun, calls: GroupCalls, groupId: string): Promise<Reading> {
  const rounds = new HotRounds(step, calls, groupId);
  for (;;) {
    const answer = await step.untilDefinite(calls.get(step, groupId));
    if (answer.class === 'refused') return { state: 'refused', timestamp: undefined };
    if (answer.class !== 'yes') return { state: 'absent', timestamp: undefined };
    const suspects = explaining(step, answer);
    if (suspects.length === 0) return { state: 'present', timestamp: answer.timestamp };
    if (!(await rounds.remove(suspects))) return { state: 'refused', timestamp: undefined };
  }
}

/** The hot rule for a read: with a timestamp only that very token explains the record, without one any may. */
function explaining(
  step: StepRun,
  answer: GroupAnswer & { readonly class: 'yes' },
): ReturnType<typeof suspectsOf> {
  const suspects = suspectsOf(step, null);
  return answer.timestamp === undefined
    ? suspects
    : suspects.filter((entry) => entry.token === answer.timestamp);
}
