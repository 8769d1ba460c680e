import type { SagaReport } from '@holdfast/reliable-connector';
import { formatDuration, formatInstant } from './durations.js';
import { renderTable } from './table.js';
import { timelineTexts } from './timeline-lines.js';

/** Heading of the list of sagas. */
export const SAGA_HEADING: readonly string[] = ['saga', 'what', 'id', 'state', 'age', 'took', 'owner', 'why'];

/** Where a saga stands, in one word: `parked`, its phase, or how it ended. */
export function sagaState(saga: SagaReport): string {
  if (saga.phase === 'ended') return endedAs(saga.outcome);
  return saga.parked === null ? saga.phase : 'parked';
}

/** One row of the list. */
export function sagaRow(saga: SagaReport, nowMs: number): readonly (string | number)[] {
  return [
    saga.id,
    saga.definition,
    saga.key ?? '–',
    sagaState(saga),
    formatDuration(nowMs - saga.createdAt),
    saga.endedAt === null ? '–' : formatDuration(saga.endedAt - saga.createdAt),
    ownerOf(saga),
    saga.parked?.why ?? saga.reason ?? '',
  ];
}

/** A saga as a JSON line: as the journal holds it, with its state in one word. */
export function sagaLine(saga: SagaReport): object {
  return { type: 'saga', state: sagaState(saga), ...saga };
}

/** A saga for people: what it is, each node, and its history with every attempt and decision. */
export function sagaTexts(saga: SagaReport, nowMs: number): readonly string[] {
  const facts: readonly (readonly [string, string | null])[] = [
    ['what', `${saga.definition} ${saga.key ?? ''}`.trimEnd()],
    ['state', sagaState(saga)],
    ['phase', saga.phase],
    ['direction', saga.direction],
    ['why', saga.reason],
    ['parked', saga.parked === null ? null : `${saga.parked.step}: ${saga.parked.why}`],
    ['version', saga.token === null ? null : String(saga.token)],
    ['removes', saga.prior === null ? null : String(saga.prior)],
    ['burnt', saga.burnt.length === 0 ? null : saga.burnt.join(', ')],
    ['begun', `${formatInstant(saga.createdAt)}, ${formatDuration(nowMs - saga.createdAt)} ago`],
    [
      'ended',
      saga.endedAt === null
        ? null
        : `${formatInstant(saga.endedAt)}, after ${formatDuration(saga.endedAt - saga.createdAt)}`,
    ],
    ['owner', saga.phase === 'ended' ? null : ownerOf(saga)],
    ['key', saga.idempotencyKey],
  ];
  const known = facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return [
    ...renderTable([`saga ${saga.id}`, ''], known),
    '',
    ...renderTable(
      ['node', 'last call', 'verdict', 'HTTP', 'remark'],
      saga.steps.map((step) => stepRow(saga, step)),
    ),
    '',
    ...timelineTexts(saga.timeline, { createdAt: saga.createdAt, ended: saga.phase === 'ended' }),
  ];
}

function stepRow(saga: SagaReport, step: string): readonly (string | number)[] {
  const result = saga.results[step];
  const remarks = [
    result?.everUnknown === true ? 'had an attempt without a definite answer' : null,
    result?.alive === true ? 'a request may have been alive' : null,
    saga.probes[step] === undefined ? null : `probed with ${saga.probes[step]}`,
    saga.resolved[step] === undefined ? null : `resolved: ${saga.resolved[step]}`,
  ].filter((remark) => remark !== null);
  return [
    step,
    result?.verb ?? '–',
    result?.verdict ?? '–',
    String(result?.status ?? '–'),
    remarks.join(', '),
  ];
}

function ownerOf(saga: SagaReport): string {
  if (saga.phase === 'ended') return '–';
  const pid: number | null = saga.ownerPid;
  return saga.ownerAlive ? `pid ${pid ?? '?'}` : 'nobody';
}

function endedAs(outcome: SagaReport['outcome']): string {
  const status =
    typeof outcome === 'object' && outcome !== null && 'status' in outcome ? outcome['status'] : null;
  return typeof status === 'string' ? status : 'ended';
}
