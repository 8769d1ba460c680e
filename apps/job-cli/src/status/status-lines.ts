import type { Colours } from '../output/colours.js';
import { formatDuration, formatInstant } from '../output/durations.js';
import { renderTable } from '../output/table.js';
import type { Status } from './read-status.js';

/** The status for people: who works, where the engine stands, what is wanted and there, and how the last run went. */
export function statusLines(status: Status, colours: Colours): readonly string[] {
  const workers = workerTable(status);
  return [
    ...(workers.length === 0 ? ['no worker runs; start one with "job work"'] : workers),
    '',
    ...renderTable(['', 'state'], facts(status)),
    '',
    verdict(status, colours),
  ];
}

/** The workers as a table, the leader marked; no lines without any. */
export function workerTable({ workers, at }: Pick<Status, 'workers' | 'at'>): readonly string[] {
  return renderTable(
    ['worker', 'role', 'pid', 'host', 'up', 'journal', 'health'],
    workers.map(({ id, leads, facts: told }) => [
      id,
      leads ? 'leader' : 'candidate',
      told?.pid ?? '–',
      told?.host ?? '–',
      told === null ? '–' : formatDuration(at - told.started),
      told?.journal ?? '–',
      told?.health ?? '–',
    ]),
  );
}

function facts({ leader, term, engine, engineError, at }: Status): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [
    ['leader', leader === null ? 'nobody' : `${leader.id ?? '?'}, term ${leader.term ?? '?'}`],
    ['engine', engine === null ? `not known: ${engineError ?? '?'}` : engineText(engine)],
  ];
  if (term === null) return rows;
  const nodes = Object.entries(term.actual).map(([node, count]) => `${node} ${count}`);
  return [
    ...rows,
    ['wanted', term.wanted === null ? '–' : String(term.wanted)],
    ['actual', nodes.length === 0 ? '–' : nodes.join(', ')],
    ['sagas', `${term.open} open, ${term.parked} parked`],
    [
      'this term',
      `${term.created} created, ${term.deleted} deleted, ${term.repaired} repaired, ${term.adopted} taken over`,
    ],
    ['runs', `${term.runs}, ${term.failedRuns} not good, since ${formatInstant(term.since)}`],
    ['last run', `${formatDuration(at - term.at)} ago, took ${formatDuration(term.durationMs)}`],
    ...(term.foreign === 0 ? [] : [['foreign', `${term.foreign} ids that this journal did not write`]]),
    ...(term.error === null ? [] : [['problem', term.error]]),
  ];
}

function engineText({ active, phase, next, suspended }: NonNullable<Status['engine']>): string {
  const going = next === null ? '' : `, to ${next}`;
  return `${active}, ${phase}${going}${suspended ? ', suspended' : ''}`;
}

function verdict({ leader, term, converged }: Status, colours: Colours): string {
  if (converged) return colours.green('as wanted: every node holds exactly the groups that are wanted');
  if (leader === null) return colours.red('nobody leads');
  if (term?.error != null) return colours.yellow('not as wanted yet');
  return colours.yellow('at work');
}
