import type { Json } from '../../json.js';
import type {
  Direction,
  OwnerRecord,
  Parked,
  SagaPhase,
  SagaRecord,
  StepResult,
  TimelineEntry,
} from '../records.js';

/** A row of `saga`, its columns in the order of the table. JSON columns are NULL for what is empty. */
export interface SagaRow {
  readonly id: number;
  readonly definition: string;
  readonly key: string | null;
  readonly phase: SagaPhase;
  readonly owner: number | null;
  readonly epoch: number;
  readonly token: number | null;
  readonly prior: number | null;
  readonly created_at: number;
  readonly ended_at: number | null;
  readonly idempotency_key: string | null;
  readonly args_hash: string | null;
  readonly direction: Direction | null;
  readonly reason: string | null;
  readonly steps: string;
  readonly input: string | null;
  readonly memo: string | null;
  readonly burnt: string | null;
  readonly parked: string | null;
  readonly results: string | null;
  readonly probes: string | null;
  readonly resolved: string | null;
  readonly timeline: string | null;
  readonly outcome: string | null;
}

/** A result as it is stored: verb, token, verdict, status, ever unknown, alive. */
type ResultCell = readonly [string, number | null, string, number | null, 0 | 1, 0 | 1];
/** A line of the timeline as it is stored; what is absent at its end is left out. */
type TimelineCell = readonly [number, string, (string | null)?, (string | null)?];

export function sagaFromRow(row: SagaRow): SagaRecord {
  return {
    id: row.id,
    definition: row.definition,
    key: row.key,
    token: row.token,
    prior: row.prior,
    burnt: parsed<number[]>(row.burnt, []),
    input: parsed<Json>(row.input, null),
    memo: parsed<Json>(row.memo, null),
    steps: parsed<string[]>(row.steps, []),
    phase: row.phase,
    direction: row.direction,
    reason: row.reason,
    parked: parsed<Parked | null>(row.parked, null),
    results: resultsFrom(row.results),
    probes: parsed<Record<string, number>>(row.probes, {}),
    resolved: parsed<Record<string, string>>(row.resolved, {}),
    timeline: timelineFrom(row.timeline),
    createdAt: row.created_at,
    endedAt: row.ended_at,
    outcome: parsed<Json>(row.outcome, null),
    idempotencyKey: row.idempotency_key,
    argsHash: row.args_hash,
    owner: row.owner,
    epoch: row.epoch,
  };
}

export function jsonText(value: Json): string | null {
  return value === null ? null : JSON.stringify(value);
}

export function listText(list: readonly (string | number)[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}

export function parkedText(parked: Parked | null): string | null {
  return parked === null ? null : JSON.stringify(parked);
}

/** Text of a record by step; NULL when it is empty, found out without listing its keys. */
export function byStepText(record: Readonly<Record<string, number | string>>): string | null {
  for (const _ in record) return JSON.stringify(record);
  return null;
}

export function resultsText(results: Readonly<Record<string, StepResult>>): string | null {
  let cells: Record<string, ResultCell> | null = null;
  for (const step in results) {
    const of = results[step];
    if (of === undefined) continue;
    cells ??= Object.create(null) as Record<string, ResultCell>;
    cells[step] = [of.verb, of.token, of.verdict, of.status, of.everUnknown ? 1 : 0, of.alive ? 1 : 0];
  }
  return cells === null ? null : JSON.stringify(cells);
}

export function timelineText(timeline: readonly TimelineEntry[]): string | null {
  if (timeline.length === 0) return null;
  const cells: TimelineCell[] = timeline.map(({ at, event, step, detail }) => {
    if (detail !== undefined) return [at, event, step ?? null, detail];
    return step === undefined ? [at, event] : [at, event, step];
  });
  return JSON.stringify(cells);
}

/** A row of `owner`, integers as BigInt since a term may be large. */
export interface OwnerRow {
  readonly id: bigint;
  readonly uuid: string;
  readonly pid: bigint;
  readonly host: string;
  readonly term: bigint | null;
  readonly opened_at: number;
}

export function ownerFromRow(row: OwnerRow): OwnerRecord {
  return {
    id: Number(row.id),
    uuid: row.uuid,
    pid: Number(row.pid),
    host: row.host,
    term: row.term,
    openedAt: row.opened_at,
    released: false,
  };
}

function resultsFrom(text: string | null): Record<string, StepResult> {
  const cells = Object.entries(parsed<Record<string, ResultCell>>(text, {}));
  return Object.fromEntries(
    cells.map(([step, [verb, token, verdict, status, everUnknown, alive]]) => [
      step,
      { verb, token, verdict, status, everUnknown: everUnknown === 1, alive: alive === 1 },
    ]),
  );
}

function timelineFrom(text: string | null): TimelineEntry[] {
  return parsed<TimelineCell[]>(text, []).map(([at, event, step, detail]) => ({
    at,
    event,
    ...(typeof step === 'string' ? { step } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  }));
}

/** Reads what this file has written; `check()` tells where something else stands there. */
function parsed<T>(text: string | null, empty: T): T {
  return text === null ? empty : JSON.parse(text);
}
