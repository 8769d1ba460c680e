import type { History, Verdict } from '../history/history.js';
import { fenceOf } from './fence.js';
import { examples, time } from './verdict.js';

/** How many journals the writes came from. A second one knows nothing of the first one's locks, sagas and fences. */
export function oneJournal({ facts }: History): Verdict {
  const first = new Map<string, string>();
  for (const write of facts.writes) {
    const scope = fenceOf(write)?.scope;
    if (scope === undefined || first.has(scope)) continue;
    first.set(
      scope,
      `journal ${scope}: first ${write.verb} ${write.groupId} on ${write.node} at ${time(write.at)}`,
    );
  }
  const holds = first.size <= 1;
  return {
    name: 'journals that wrote',
    holds,
    figure: String(first.size),
    bound: 'at most 1',
    against: holds ? [] : examples([...first.values()]),
  };
}
