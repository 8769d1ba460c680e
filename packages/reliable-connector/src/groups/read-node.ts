import { sleep } from '../clock.js';
import { backoffMs } from '../nodes/backoff.js';
import type { NodeClient } from '../nodes/node-client.js';
import { type GroupContext, readBounds } from './context.js';

/** What one node says of one id, outside any saga. */
export interface NodeReading {
  readonly state: 'present' | 'absent' | 'unknown';
  /** The version; null: it has none or the node does not tell. */
  readonly timestamp: number | null;
  /** The node tells versions. */
  readonly tells: boolean;
}

/** GET until a definite answer, a deadline in monotonic ms, or an abort; a read may be repeated freely (4.2). */
export async function readNode(
  context: GroupContext,
  client: NodeClient,
  groupId: string,
  deadlineAt: number,
  signal?: AbortSignal,
): Promise<NodeReading> {
  const { clock, random } = context.engine;
  for (let attempt = 1; ; attempt += 1) {
    context.engine.assertOpen();
    const { answer } = await client.get(groupId, readBounds(context, deadlineAt, signal));
    if (answer.class === 'yes') {
      const tells = answer.timestamp !== undefined;
      return { state: 'present', timestamp: answer.timestamp ?? null, tells };
    }
    if (answer.class === 'no') return { state: 'absent', timestamp: null, tells: false };
    const left = deadlineAt - clock.monotonic();
    if (answer.class === 'refused' || left <= 0 || signal?.aborted)
      return { state: 'unknown', timestamp: null, tells: false };
    const asked = answer.class === 'unknown' ? answer.retryAfterMs : null;
    await sleep(
      clock,
      Math.min(left, backoffMs(attempt, { ...context.options.retry, retryAfterMs: asked }, random)),
      signal,
    );
  }
}
