import { FAULT_KINDS } from '../network/fate.js';
import type { Coverage } from './coverage.js';

/** Each path must be taken so often over the seeds of CI. */
export const LEAST = 20;
/** Fewer seeds are somebody looking for something: they need not reach everything. */
const SEEDS_OF_CI = 2_000;

const rows = (table: string, list: readonly string[]): string[] => list.map((row) => `${table}: ${row}`);

/** Every fault, every row of the adoption table, every change of phase, every outcome. */
export const PATHS: readonly string[] = [
  ...rows('fault', FAULT_KINDS),
  ...rows('fault', [
    'crash',
    'stop and continue',
    'leader succeeded',
    'commit fails',
    'extension appears or goes',
  ]),
  ...rows('fault', [
    'node away: refused',
    'node away: black hole',
    'node refuses writes',
    'outsider creates',
    'outsider deletes',
  ]),
  ...rows('adoption', [
    'locked, nothing decided',
    'PLAN, no negative result',
    'PLAN and PROBE',
    'PLAN, direction forward',
  ]),
  ...rows('adoption', [
    'PLAN and FOREIGN or refused',
    'all OURS, no COMMIT',
    'ABORT',
    'ABORT of a delete: restore',
  ]),
  ...rows('adoption', ['PARKED', 'dead HOT entries', 'from a live owner of a lower term']),
  ...rows('phase', [
    'new → locked',
    'new → applying',
    'locked → applying',
    'locked → ended',
    'applying → ended',
  ]),
  ...rows('phase', [
    'applying → aborting',
    'aborting → ended',
    'parked',
    'unparked',
    'direction forward',
    'probe',
    'retoken',
  ]),
  ...rows('outcome', [
    'create committed',
    'create rejected(exists)',
    'create rejected(refused)',
    'create rejected(busy)',
  ]),
  ...rows('outcome', [
    'create rejected(unavailable)',
    'create compensated(deadline)',
    'create compensated(cancelled)',
  ]),
  ...rows('outcome', [
    'create compensated(burnt)',
    'create in_doubt(abort)',
    'create in_doubt(forward)',
    'create parked',
  ]),
  ...rows('outcome', [
    'delete committed',
    'delete rejected(not_found)',
    'delete rejected(conflict)',
    'delete rejected(refused)',
  ]),
  ...rows('outcome', [
    'delete rejected(unknown_version)',
    'delete rejected(busy)',
    'delete rejected(unavailable)',
  ]),
  ...rows('outcome', [
    'delete compensated(cancelled)',
    'delete in_doubt(abort)',
    'delete in_doubt(forward)',
    'delete parked',
  ]),
  ...rows('end of create', ['compensated(too_old)']),
  ...rows('end of delete', ['compensated(deadline)']),
  ...rows('end of force', ['committed', 'rejected(not_found)']),
  ...rows('end of fill', ['committed']),
  ...rows('operator', ['resolve: done']),
  ...rows('verify', ['finds a difference']),
];

/** All counts, table by table; a star marks what must be reached. */
export function pathTable(coverage: Coverage): string {
  const counts = coverage.toJSON();
  const required = new Set(PATHS);
  const all = [...new Set([...PATHS, ...Object.keys(counts)])].sort();
  return all
    .map((path) => `${String(counts[path] ?? 0).padStart(9)} ${required.has(path) ? '*' : ' '} ${path}`)
    .join('\n');
}

/** The paths that so many seeds should have taken more often. */
export function missingPaths(coverage: Coverage, seeds: number): string[] {
  if (seeds < SEEDS_OF_CI) return [];
  const counts = coverage.toJSON();
  return PATHS.filter((path) => (counts[path] ?? 0) < LEAST).map(
    (path) => `${path} (${counts[path] ?? 0} of ${LEAST})`,
  );
}
