import type { History, Verdict } from '../history/history.js';
import { leaderKills } from './leader-kills.js';
import { switchesIn } from './switches.js';

/** What must have happened so often in so many seconds that a good verdict of the others proves something. */
interface Measure {
  readonly what: string;
  readonly count: number;
  readonly least: number;
}

/** Whether there was chaos at all, and a load for it to strike. The bounds are well below what a run does. */
export function activity(history: History): Verdict {
  const measures = measuresOf(history);
  const against = measures
    .filter(({ count, least }) => count < least)
    .map(({ what, count, least }) => `${count} ${what} in ${history.seconds} s, fewer than ${least}`);
  return {
    name: 'something happened',
    holds: against.length === 0,
    figure: measures.map(({ what, count }) => `${count} ${what}`).join(', '),
    bound: `at least ${measures.map(({ least }) => least).join(', ')}`,
    against,
  };
}

function measuresOf(history: History): readonly Measure[] {
  const { events, seconds, facts } = history;
  const per = (every: number): number => Math.floor(seconds / every);
  const terms = new Set(events.flatMap((event) => (event.type === 'term' ? [event.term] : [])));
  const changes = events.filter((event) => event.type === 'wanted' && event.outcome === 'done');
  return [
    { what: 'queries', count: events.filter(({ type }) => type === 'query').length, least: per(1) },
    { what: 'wanted changes', count: changes.length, least: per(5) },
    {
      what: 'writes',
      count: facts.writes.filter(({ applied }) => applied !== 'none').length,
      least: per(1),
    },
    { what: 'terms', count: terms.size, least: 1 + per(30) },
    { what: 'switches', count: switchesIn(history).length, least: per(30) },
    { what: 'leader kills', count: leaderKills(history).length, least: per(30) },
  ];
}
