import type { Outcome, ReliableConnector } from '@holdfast/reliable-connector';
import { type Clock, sleep } from '../clock.js';
import { describeFailure } from '../output/describe-failure.js';
import { nextStep } from '../output/next-step.js';
import { type ItemReport, type Operation, reportError, reportOutcome } from './item-report.js';

/** What is done to each item, and when it is given up. */
export interface ItemJob {
  readonly operation: Extract<Operation, 'create' | 'delete'>;
  /** Ms over the item, all tries together. */
  readonly deadlineMs: number;
  /** An id that is already in the wanted state counts as done. */
  readonly ensure: boolean;
  /** One call of the connector, with what is left of the deadline in ms. */
  readonly call: (connector: ReliableConnector, groupId: string, deadlineMs: number) => Promise<Outcome>;
}

/** Surroundings of an item: when it aborts, no further try is begun. */
interface ItemWorld {
  readonly connector: ReliableConnector;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Ms between tries of an item whose nodes are not available; the connector answers that without sending. */
const UNAVAILABLE_PAUSE_MS = 250;

/** Ms for a look at the nodes. */
const LOOK_MS = 10_000;

/** Brings one item to its end. Never rejects: a failure is a report. */
export async function runItem(groupId: string, job: ItemJob, world: ItemWorld): Promise<ItemReport> {
  const started = world.clock.monotonic();
  const elapsed = (): number => Math.round(world.clock.monotonic() - started);
  try {
    const outcome = await callUntilDeadline(groupId, job, world, elapsed);
    const report = reportOutcome(job.operation, groupId, outcome, elapsed());
    const ensured = job.ensure && (await isAsWanted(groupId, job, outcome, world));
    if (ensured) return { ...report, status: 'ensured', hint: null };
    return { ...report, hint: nextStep(report, job.ensure) };
  } catch (error) {
    const { code, message } = describeFailure(error);
    return reportError(job.operation, groupId, { code, message }, elapsed());
  }
}

/** `busy` and `unavailable` leave nothing behind, so they are tried again while there is time. */
async function callUntilDeadline(
  groupId: string,
  job: ItemJob,
  world: ItemWorld,
  elapsed: () => number,
): Promise<Outcome> {
  for (;;) {
    const outcome = await job.call(world.connector, groupId, Math.max(1, job.deadlineMs - elapsed()));
    const again = outcome.reason === 'busy' || outcome.reason === 'unavailable';
    if (!again || world.signal.aborted || elapsed() + UNAVAILABLE_PAUSE_MS >= job.deadlineMs) return outcome;
    await sleep(world.clock, UNAVAILABLE_PAUSE_MS, world.signal);
  }
}

/**
 * Whether a rejected item is as it was wanted. `exists` is said when a record stands in the way on one node; only
 * when it stands on all of them is there nothing left to do.
 */
async function isAsWanted(
  groupId: string,
  job: ItemJob,
  outcome: Outcome,
  world: ItemWorld,
): Promise<boolean> {
  if (job.operation === 'delete') return outcome.reason === 'not_found';
  if (outcome.reason !== 'exists') return false;
  try {
    const { nodes } = await world.connector.getGroup(groupId, { deadlineMs: LOOK_MS });
    return Object.values(nodes).every((state) => state === 'present');
  } catch {
    // Not known is not as wanted; the rejection itself is definite and is what the user is told.
    return false;
  }
}
