import type { History, Verdict } from '../history/history.js';
import { none, time } from './verdict.js';

/**
 * Writes without a fence, which a node takes from anybody at any time. A `job` command beside the leader sends the
 * present fence of the journal that both open, so nobody in the stack writes without one.
 */
export function unfencedWrites({ facts }: History): Verdict {
  const against = facts.writes
    .filter(({ fence }) => fence === null)
    .map(
      ({ at, node, verb, groupId, applied, status }) =>
        `${time(at)}: ${verb} ${groupId} on ${node} had no fence (${applied}, ${status})`,
    );
  return none('writes without a term', against);
}
