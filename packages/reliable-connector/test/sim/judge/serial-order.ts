import type { Invocation } from '../load/invocation.js';
import type { Rule, Scene } from './rule.js';

/** One operation of one group for the search: when it may have taken effect, and what it says about the group. */
interface Operation {
  readonly from: number;
  /** Infinity: nobody was told, it may take effect at any later time or never. */
  readonly to: number;
  /** The group must have been there (or not) for it; null: it does not say. */
  readonly needs: boolean | null;
  /** The group is there (or not) after it; null: as before. */
  readonly leaves: boolean | null;
  readonly optional: boolean;
  readonly text: string;
}

/**
 * S6: some order of the answered operations of a group, true to real time, explains every answer by a plain register
 * that is there or not. Unanswered calls count as "may or may not have happened".
 */
export class SerialOrder implements Rule {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  atRest(): void {
    const groups = new Map<string, Operation[]>();
    for (const invocation of oncePerSaga(this.#scene.invocations)) {
      const operation = operationOf(invocation);
      if (operation === null) continue;
      const list = groups.get(invocation.groupId) ?? [];
      groups.set(invocation.groupId, list);
      list.push(operation);
    }
    for (const [groupId, operations] of groups) {
      if (this.#scene.others.groups.has(groupId) || this.#excused(groupId)) continue;
      const there = this.#scene.durable.catalog.has(groupId);
      if (!hasSerialOrder(operations, there))
        this.#scene.report(
          'S6',
          `no serial order explains ${groupId}: ${operations.map((o) => o.text).join('; ')}`,
        );
    }
  }

  /** Parked or resolved by an operator, or touched by repair: not the callers' doing alone. */
  #excused(groupId: string): boolean {
    return this.#scene.durable
      .of(groupId)
      .some((saga) => saga.parked !== null || Object.keys(saga.resolved).length > 0);
  }
}

/** Calls of one idempotency key are one operation: it began with the first of them, and was over when the first was told. */
function oncePerSaga(invocations: readonly Invocation[]): Invocation[] {
  const keyed = new Map<string, Invocation>();
  const once: Invocation[] = [];
  for (const invocation of invocations) {
    const { idempotencyKey: key, args } = invocation;
    const first = key === null ? undefined : keyed.get(`${key}/${args}`);
    const mismatch =
      invocation.error !== null &&
      'code' in invocation.error &&
      invocation.error.code === 'IDEMPOTENCY_MISMATCH';
    if (mismatch) continue;
    if (first === undefined || isForgotten(first)) {
      once.push(invocation);
      if (key !== null) keyed.set(`${key}/${args}`, invocation);
    } else if (invocation.last !== null && !isForgotten(invocation)) {
      const told = [first, invocation].filter((each) => each.lastAt !== null);
      const earliest = told.sort((one, other) => (one.lastAt ?? 0) - (other.lastAt ?? 0))[0] ?? invocation;
      const merged = { ...earliest, order: first.order, invokedAt: first.invokedAt };
      once[once.indexOf(first)] = merged;
      keyed.set(`${key}/${args}`, merged);
    }
  }
  return once;
}

/** `busy` and `unavailable` are not stored: the key may try again (S9). */
function isForgotten({ last }: Invocation): boolean {
  return last?.reason === 'busy' || last?.reason === 'unavailable' || (last !== null && last.sagaId === null);
}

function operationOf({ op, force, invokedAt, last, lastAt, order }: Invocation): Operation | null {
  const nothing = {
    from: invokedAt,
    to: lastAt ?? Number.POSITIVE_INFINITY,
    needs: null,
    leaves: null,
    optional: false,
  };
  const name = `${op} ${order} [${Math.round(invokedAt)}..${lastAt === null ? '' : Math.round(lastAt)}]`;
  if (last === null || lastAt === null) {
    const leaves = op === 'create';
    return {
      ...nothing,
      to: Number.POSITIVE_INFINITY,
      needs: !leaves,
      leaves,
      optional: true,
      text: `${name} ?`,
    };
  }
  const text = `${name} ${last.status}${last.reason ? `(${last.reason})` : ''}`;
  // With `force` nobody can tell what was there.
  if (last.status === 'committed')
    return { ...nothing, needs: force ? null : op === 'delete', leaves: op === 'create', text };
  if (last.reason === 'exists') return { ...nothing, needs: true, text };
  if (last.reason === 'not_found') return { ...nothing, needs: false, text };
  if (last.status === 'in_doubt' || last.status === 'parked')
    return {
      ...nothing,
      to: Number.POSITIVE_INFINITY,
      needs: op === 'delete',
      leaves: op === 'create',
      optional: true,
      text,
    };
  return null;
}

/** Depth first over (set of placed operations, register), each visited once. */
export function hasSerialOrder(operations: readonly Operation[], thereAtEnd: boolean): boolean {
  const visited = new Set<string>();
  const place = (placed: bigint, there: boolean): boolean => {
    const open = operations.filter((_, i) => !(placed & (1n << BigInt(i))));
    if (open.every((operation) => operation.optional) && there === thereAtEnd) return true;
    const key = `${placed}/${there}`;
    if (visited.has(key)) return false;
    visited.add(key);
    const earliestEnd = Math.min(...open.map((operation) => operation.to));
    return operations.some((operation, i) => {
      const bit = 1n << BigInt(i);
      if (placed & bit || operation.from > earliestEnd) return false;
      if (operation.needs !== null && operation.needs !== there) return false;
      return place(placed | bit, operation.leaves ?? there);
    });
  };
  return place(0n, false);
}
