import type { Outcome } from '../outcome.js';
import type { Difference, RepairItem, RepairOptions } from '../reports.js';
import type { SagaDefinition } from '../saga/definition.js';
import type { GroupContext } from './context.js';
import { groupIdOf } from './group-id.js';
import type { FillInput } from './inputs.js';
import { pooled } from './pooled.js';
import { verify } from './verify.js';

const AT_ONCE = 16;

/** How the two directions are carried out; each is one saga. */
export interface RepairActions {
  readonly fill: SagaDefinition;
  readonly remove: (groupId: string, force: boolean) => Promise<Outcome>;
}

/**
 * Makes the nodes agree, one saga per id (4.10). By default only what the catalog says is committed is filled in; a
 * record that this journal did not make is touched only with `force`.
 */
export async function repair(
  context: GroupContext,
  actions: RepairActions,
  o: RepairOptions,
): Promise<readonly RepairItem[]> {
  const found = await differencesById(context, o);
  const items: RepairItem[] = [];
  const one = async ([groupId, differences]: [string, readonly Difference[]]): Promise<RepairItem> => {
    const action = actionFor(differences, o);
    if (action === 'none' || o.dryRun) return { groupId, action, differences };
    const force = o.force ?? false;
    const outcome =
      action === 'fill'
        ? await fill(context, actions.fill, groupId, force, o.signal)
        : await actions.remove(groupId, force);
    return { groupId, action, differences, outcome };
  };
  for await (const item of pooled(found, AT_ONCE, one)) items.push(item);
  return items.sort((a, b) => a.groupId.localeCompare(b.groupId));
}

async function differencesById(
  context: GroupContext,
  o: RepairOptions,
): Promise<Map<string, readonly Difference[]>> {
  const ids = o.ids && Array.from(o.ids, (id) => groupIdOf(id, context.options.limits.idBytes));
  const byId = new Map<string, Difference[]>(ids?.map((id) => [id, []]));
  const { differences } = await verify(context, { ids, signal: o.signal });
  for (const difference of differences)
    byId.set(difference.groupId, [...(byId.get(difference.groupId) ?? []), difference]);
  return byId;
}

function actionFor(differences: readonly Difference[], o: RepairOptions): RepairItem['action'] {
  const kinds = new Set(differences.map((difference) => difference.kind));
  if (differences.length === 0 || kinds.has('pending')) return 'none';
  const committed = differences.some((difference) => difference.expected !== null);
  if (o.direction === 'remove') return committed || o.force ? 'remove' : 'none';
  if (!committed) return 'none';
  return kinds.has('missing') || (kinds.has('wrong_version') && o.force) ? 'fill' : 'none';
}

async function fill(
  context: GroupContext,
  definition: SagaDefinition,
  groupId: string,
  force: boolean,
  signal?: AbortSignal,
): Promise<Outcome> {
  const input: FillInput = { groupId, force };
  return context.engine.start({
    definition,
    key: groupId,
    phase: 'locked',
    input: { ...input },
    steps: context.nodes,
    allocate: false,
    deadlineMs: context.options.deadlineMs,
    signal,
  });
}
