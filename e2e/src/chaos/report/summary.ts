import type { QueryEvent, WantedEvent } from '../history/event.js';
import type { History } from '../history/history.js';
import { leaderKills } from '../judges/leader-kills.js';
import { switchesIn } from '../judges/switches.js';
import { stopsOf, workerEvents } from '../judges/terms/stops.js';
import type { Term } from '../judges/terms/term.js';
import { faultSpans } from './fault-spans.js';
import { leaderless } from './leaderless.js';

/** A number of the run, and what it says. */
export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** The run in numbers. */
export function summaryOf(history: History, acting: readonly Term[]): readonly Figure[] {
  const { events, facts } = history;
  const queries = events.filter((event): event is QueryEvent => event.type === 'query');
  const changes = events.filter((event): event is WantedEvent => event.type === 'wanted');
  const took = queries.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const without = leaderless(history, acting).map(({ from, to }) => to - from);
  const done = changes.filter(({ outcome }) => outcome === 'done').length;
  const killed = workerEvents(history).filter(({ what }) => what === 'killed').length;
  const applied = facts.writes.filter((write) => write.applied !== 'none').length;
  const refused = facts.writes.filter(({ status }) => status === 412).length;
  return [
    { name: 'queries', value: String(queries.length) },
    { name: 'of a query, p50 / p99', value: `${quantile(took, 0.5)} / ${quantile(took, 0.99)} ms` },
    { name: 'wanted changes, done / all', value: `${done} / ${changes.length}` },
    { name: 'records written, all nodes', value: String(applied) },
    { name: 'writes refused as stale', value: String(refused) },
    { name: 'terms', value: String(acting.length) },
    { name: 'without a leader, sum', value: inSeconds(without.reduce((a, b) => a + b, 0)) },
    { name: 'without a leader, longest', value: inSeconds(Math.max(0, ...without)) },
    { name: 'kills, of a leader / all', value: `${leaderKills(history).length} / ${killed}` },
    { name: 'stops', value: String(stopsOf(history).length) },
    { name: 'switches begun', value: String(switchesIn(history).length) },
    { name: 'faults', value: String(faultSpans(history).length) },
  ];
}

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** The smallest of the sorted values that this part of them does not exceed; a dash where there is none. */
function quantile(sorted: readonly number[], part: number): string {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  return value === undefined ? '–' : String(Math.round(value));
}
