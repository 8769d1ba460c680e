import { type Clock, sleep } from '../clock.js';
import { type BackoffOptions, backoffMs } from '../nodes/backoff.js';
import type { NodeClient } from '../nodes/node-client.js';
import type { Random } from '../random.js';
import type { SagaRun } from '../saga/saga-run.js';
import { onSteps } from '../saga/undo-step.js';
import type { GroupCalls } from './group-calls.js';

/**
 * A write that changes nothing but the fence: it names a version that no record has, since no allocated token is this small (4.1). A node
 * keeps the highest fence also of a write that misses (4.7).
 */
export const FENCE_ID = 'holdfast-fence';
export const FENCE_TOKEN: number = 2 ** -21;

/** Before any other call of a saga that was taken from a live owner (4.6): no request of that owner passes any more. */
export async function raiseFences(run: SagaRun, calls: GroupCalls): Promise<void> {
  await calls.refreshFence();
  await onSteps(run.steps, 'parallel', async (step) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await step.untilDefinite(calls.delete(step, FENCE_ID, FENCE_TOKEN, 'remove'));
      if (answer.class !== 'refused') return;
      await step.backOff(attempt, null);
    }
  });
}

/** Most attempts to raise a new leader's fence on a node before its work begins; nodes fail at random. */
const RAISE_TRIES = 4;

/** How a new leader raises its fence. */
export interface RaiseOptions {
  readonly fence: bigint;
  /** Ms that each attempt may take, and after which no further one is made. */
  readonly timeoutMs: number;
  readonly backoff: BackoffOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * A new leader raises the fence everywhere (4.6), in up to four attempts with short waits between. False: the node
 * gets it with its first write.
 */
export async function raiseFence(client: NodeClient, o: RaiseOptions): Promise<boolean> {
  const until = o.clock.monotonic() + o.timeoutMs;
  for (let attempt = 1; ; attempt += 1) {
    if (await tryToRaise(client, o)) return true;
    if (attempt === RAISE_TRIES || o.clock.monotonic() >= until || o.signal.aborted) return false;
    await sleep(o.clock, backoffMs(attempt, o.backoff, o.random), o.signal);
  }
}

async function tryToRaise(client: NodeClient, { fence, timeoutMs }: RaiseOptions): Promise<boolean> {
  const bounds = { timeoutMs, queueMs: timeoutMs };
  if (!client.extensions.has('fence')) {
    const { answer: told } = await client.get(FENCE_ID, bounds); // the first reply tells the extensions
    if (!client.extensions.has('fence')) return told.class !== 'not_sent' && told.class !== 'unknown';
  }
  const { answer } = await client.delete(FENCE_ID, FENCE_TOKEN, { ...bounds, fence });
  return answer.class === 'yes' || answer.class === 'no';
}
