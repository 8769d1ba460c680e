import type { History, Verdict } from '../history/history.js';
import { none, time } from './verdict.js';

/**
 * Queries that failed or ended well with rows that they must not have, and changes of the wanted set that were refused:
 * a change is a statement like any other. One whose outcome is unknown is not among them, it is told honestly.
 */
export function failedQueries({ events }: History): Verdict {
  const against = events.flatMap((event) => {
    if (event.type === 'query' && event.outcome !== 'ok') {
      const how = event.outcome === 'wrong' ? `had wrong rows (${event.rows})` : 'failed';
      return [`${time(event.at)}: query ${event.tag} ${how}${because(event.error)}`];
    }
    if (event.type === 'wanted' && event.outcome === 'failed')
      return [`${time(event.at)}: ${event.change} of ${event.ids.length} ids failed${because(event.error)}`];
    return [];
  });
  return none('failed queries', against);
}

const because = (error: string | undefined): string => (error === undefined ? '' : `: ${error}`);
