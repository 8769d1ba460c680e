import type { SagaRecord } from '../../../src/journal/records.js';
import { endingOf, endingText, kindOf } from '../judge/saga-view.js';
import type { Coverage } from '../report/coverage.js';
import type { DurableState } from './durable.js';

/** Counts which paths through the protocol the durable records took: phases, adoptions, ends. */
export function countPaths(
  durable: DurableState,
  coverage: Coverage,
  owners: { isAlive(owner: number): boolean },
): void {
  durable.onPaid((by, heatedBy) =>
    coverage.count('adoption', by === heatedBy ? 'own HOT entries' : 'dead HOT entries'),
  );
  durable.onWrite((write) => {
    const { before, after, kind } = write;
    if (kind === 'adopt') coverage.count('adoption', adoptionRow(after));
    if (kind === 'adopt' && before?.owner != null && owners.isAlive(before.owner))
      coverage.count('adoption', 'from a live owner of a lower term');
    for (const change of phaseChanges(before, after)) coverage.count('phase', change);
    const ending = endingOf(after);
    if (ending !== null && before?.phase !== 'ended')
      coverage.count(`end of ${kindOf(after)}`, endingText(after));
    if (kind === 'begin') coverage.count('sagas', kindOf(after));
    if (kind === 'probe' || kind === 'retoken') coverage.count('phase', kind);
  });
}

/** The row of the adoption table (4.6) that applies to a saga as its new owner finds it. */
export function adoptionRow(saga: SagaRecord): string {
  if (saga.parked !== null) return 'PARKED';
  if (saga.phase === 'aborting') return kindOf(saga) === 'create' ? 'ABORT' : 'ABORT of a delete: restore';
  if (saga.phase === 'locked') return 'locked, nothing decided';
  const verdicts = Object.values(saga.results).map((result) => result.verdict);
  if (verdicts.some((verdict) => verdict === 'exists' || verdict === 'refused'))
    return 'PLAN and FOREIGN or refused';
  if (verdicts.length === saga.steps.length && verdicts.every((verdict) => verdict === 'applied'))
    return 'all OURS, no COMMIT';
  if (saga.direction === 'forward') return 'PLAN, direction forward';
  if (Object.keys(saga.probes).length > 0) return 'PLAN and PROBE';
  return 'PLAN, no negative result';
}

function phaseChanges(before: SagaRecord | null, after: SagaRecord): string[] {
  const changes: string[] = [];
  if (before?.phase !== after.phase) changes.push(`${before?.phase ?? 'new'} → ${after.phase}`);
  if (before?.parked == null && after.parked !== null) changes.push('parked');
  if (before?.parked != null && after.parked === null)
    changes.push(after.phase === 'ended' ? 'parked → ended' : 'unparked');
  if (before?.direction == null && after.direction !== null) changes.push(`direction ${after.direction}`);
  return changes;
}
