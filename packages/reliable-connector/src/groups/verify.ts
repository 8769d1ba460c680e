import type { Difference, VerifyReport } from '../reports.js';
import { inspect } from '../saga/inspect.js';
import type { GroupContext } from './context.js';
import { heldIds } from './held-ids.js';
import { pooled } from './pooled.js';
import { readNode } from './read-node.js';

/** Ids compared at once. */
const AT_ONCE = 16;

/**
 * Compares nodes and catalog (4.10): reads without a lock first, and reads each id that differs once more under its
 * lock, so that a saga at work is never reported as a difference. Without `ids`: all that the catalog and – with the
 * extension `list` – the nodes hold.
 */
export async function verify(
  context: GroupContext,
  o: { readonly ids?: Iterable<string> | undefined; readonly signal?: AbortSignal | undefined },
): Promise<VerifyReport> {
  const differences: Difference[] = [];
  let checked = 0;
  const ids = o.ids ?? heldIds(context, o.signal);
  for await (const found of pooled(ids, AT_ONCE, (id) => verifyOne(context, id, o.signal))) {
    if (o.signal?.aborted) break;
    checked += 1;
    differences.push(...found);
  }
  differences.sort((a, b) => a.groupId.localeCompare(b.groupId) || a.node.localeCompare(b.node));
  return { checked, clean: differences.length === 0, differences };
}

/** The differences of one id that stand under its lock; while a saga holds it: `pending`. */
export async function verifyOne(
  context: GroupContext,
  groupId: string,
  signal?: AbortSignal,
): Promise<readonly Difference[]> {
  const first = await compare(context, groupId, signal);
  if (first.length === 0) return first;
  const o = { deadlineMs: context.options.deadlineMs, signal };
  const second = await inspect(context.engine, groupId, o, () => compare(context, groupId, signal));
  return second?.found ?? first.map((difference) => ({ ...difference, kind: 'pending' as const }));
}

async function compare(
  context: GroupContext,
  groupId: string,
  signal?: AbortSignal,
): Promise<readonly Difference[]> {
  const deadlineAt = context.engine.clock.monotonic() + context.options.deadlineMs;
  const entry = await context.session.catalogEntry(groupId);
  const expected = entry?.token ?? null;
  const hot = expected === null ? await context.session.hot({ key: groupId }) : [];
  const found = await Promise.all(
    context.clients.map(async (client): Promise<Difference | null> => {
      const reading = await readNode(context, client, groupId, deadlineAt, signal);
      const late = hot.some(
        (one) => one.step === client.name && (!reading.tells || one.token === reading.timestamp),
      );
      const kind = kindOf(reading, expected, late);
      return kind && { groupId, node: client.name, kind, expected, found: reading.timestamp };
    }),
  );
  return found.filter((difference) => difference !== null);
}

function kindOf(
  reading: Awaited<ReturnType<typeof readNode>>,
  expected: number | null,
  late: boolean,
): Difference['kind'] | null {
  if (reading.state === 'unknown') return 'unknown';
  if (reading.state === 'absent') return expected === null ? null : 'missing';
  // A late request of this journal's own past: its removal is owed, and will be done.
  if (expected === null) return late ? 'pending' : 'foreign';
  return reading.tells && reading.timestamp !== expected ? 'wrong_version' : null;
}
