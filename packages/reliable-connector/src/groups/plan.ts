import type { NodeClient } from '../nodes/node-client.js';
import type { PlannedCall } from '../reports.js';
import type { GroupContext } from './context.js';

/** The calls that an operation would make if every node answered at once. Reads the journal, sends nothing. */
export async function planCalls(
  context: GroupContext,
  op: 'create' | 'delete',
  groupId: string,
): Promise<readonly PlannedCall[]> {
  const entry = await context.session.catalogEntry(groupId);
  const path = `/group/${encodeURIComponent(groupId)}`;
  const body = JSON.stringify({ groupId });
  const call = (
    client: NodeClient,
    stage: number,
    verb: PlannedCall['verb'],
    why: string,
    token: string | null,
  ): PlannedCall => ({
    stage,
    node: client.name,
    verb,
    url: `${client.url}${verb === 'GET' ? path : '/group'}`,
    headers: { node: client.name, ...(token !== null && { timestamp: token }) },
    body: verb === 'GET' ? null : body,
    why,
  });
  const reads = context.clients.map((client) =>
    call(
      client,
      1,
      'GET',
      op === 'create'
        ? 'a duplicate is rejected without a write; not sent to a node that tells timestamps'
        : 'which version is there',
      null,
    ),
  );
  const token =
    op === 'create' ? '<allocated by PLAN>' : (entry?.token.toString() ?? '<as the nodes tell it>');
  const writes = context.clients.map((client) =>
    call(
      client,
      2,
      op === 'create' ? 'POST' : 'DELETE',
      op === 'create' ? 'place the record' : 'remove this version only',
      token,
    ),
  );
  return [...reads, ...writes];
}
