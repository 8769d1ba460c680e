import type { History, Verdict } from '../history/history.js';
import { overtaken } from './node-marks.js';
import { none, time } from './verdict.js';

/**
 * Writes that a node took although it had taken one of a later term of the same journal. Not only those that changed a
 * record: a DELETE that finds nothing keeps a later POST out, so that it has to be refused as well.
 */
export function staleWrites(history: History): Verdict {
  const against = overtaken(history, (scope) => scope).map(({ write, mark }) => {
    const { at, verb, groupId, node, fence, applied, status } = write;
    return `${time(at)}: ${node} took ${verb} ${groupId} of ${fence} (${applied}, ${status}) after ${mark}`;
  });
  return none('stale-term writes accepted', against);
}
