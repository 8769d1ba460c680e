import type { SagaRecord } from '../../../src/journal/records.js';
import type { Json } from '../../../src/json.js';

/** What a saga of groups is about, as far as the observer needs it. */
export type SagaKind = 'create' | 'delete' | 'force' | 'fill' | 'other';

const KINDS: Readonly<Record<string, SagaKind>> = {
  'group.create': 'create',
  'group.delete': 'delete',
  'group.force-delete': 'force',
  'group.fill': 'fill',
};

export function kindOf(saga: SagaRecord): SagaKind {
  return KINDS[saga.definition] ?? 'other';
}

/** The version that it may POST in its present phase; null: it may POST nothing. */
export function placedBy(saga: SagaRecord): number | null {
  const kind = kindOf(saga);
  if (saga.phase === 'applying') return kind === 'create' ? saga.token : kind === 'fill' ? saga.prior : null;
  return saga.phase === 'aborting' && kind !== 'create' ? saga.token : null;
}

/** How the journal says that it ended; null while it has not. */
export function endingOf(
  saga: SagaRecord,
): { readonly status: string; readonly reason: string | null } | null {
  if (saga.phase !== 'ended') return null;
  const outcome = asObject(saga.outcome);
  const reason = outcome['reason'];
  return { status: String(outcome['status']), reason: typeof reason === 'string' ? reason : null };
}

/** `committed`, `rejected(exists)` … */
export function endingText(saga: SagaRecord): string {
  const ending = endingOf(saga);
  if (ending === null) return saga.phase;
  return ending.reason === null ? ending.status : `${ending.status}(${ending.reason})`;
}

/** Whether it may delete any version: the caller said `force`. */
export function isForced(saga: SagaRecord): boolean {
  return kindOf(saga) === 'force' || (kindOf(saga) === 'fill' && asObject(saga.input)['force'] === true);
}

/** Nodes with somebody else's record, which a restore leaves alone. */
export function leftOutBy(saga: SagaRecord): readonly string[] {
  const except = asObject(saga.memo)['except'];
  return Array.isArray(except) ? except.map(String) : [];
}

/** The versions that its PLAN, or a later durable record of it, names: all that it may ever remove. */
export function namesVersion(saga: SagaRecord, token: number): boolean {
  return saga.token === token || saga.prior === token || saga.burnt.includes(token);
}

function asObject(value: Json): Readonly<Record<string, Json | undefined>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}
