import type { NodeClient } from '../nodes/node-client.js';
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

/** A new leader raises the fence everywhere (4.6); a node that is away gets it with its first write. */
export async function raiseFence(client: NodeClient, fence: bigint, timeoutMs: number): Promise<boolean> {
  const bounds = { timeoutMs, queueMs: timeoutMs };
  const { answer: told } = await client.get(FENCE_ID, bounds); // the first reply tells the extensions
  if (told.class === 'not_sent' || told.class === 'unknown') return false;
  if (!client.extensions.has('fence')) return true;
  const { answer } = await client.delete(FENCE_ID, FENCE_TOKEN, { ...bounds, fence });
  return answer.class === 'yes' || answer.class === 'no';
}
