import type { GroupReport } from '../reports.js';
import type { GroupContext } from './context.js';
import { readNode } from './read-node.js';

/** Per-node existence of one id; `pending` everywhere while an unfinished saga holds it. */
export async function getGroup(
  context: GroupContext,
  groupId: string,
  o: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
): Promise<GroupReport> {
  const deadlineAt = context.engine.clock.monotonic() + o.deadlineMs;
  const readings = await Promise.all(
    context.clients.map((client) => readNode(context, client, groupId, deadlineAt, o.signal)),
  );
  const [open] = await context.session.sagas({ key: groupId, limit: 1 });
  const nodes: Record<string, GroupReport['nodes'][string]> = {};
  const timestamps: Record<string, number | null> = {};
  readings.forEach((reading, index) => {
    const name = context.nodes[index] ?? '';
    nodes[name] = open ? 'pending' : reading.state;
    if (reading.tells) timestamps[name] = reading.timestamp;
  });
  return { groupId, nodes, timestamps, pendingSaga: open?.id ?? null };
}
