import type { History, Verdict } from '../history/history.js';
import { none } from './verdict.js';

/** What is wanted and missing on a node, or on a node and not wanted; by node and id. */
export function wantedActual({ facts }: History): Verdict {
  const wanted = new Set(facts.wanted);
  const nodes = Object.entries(facts.nodes);
  if (nodes.length === 0) return none('wanted ≠ actual', ['no node was listed']);
  const against = nodes.flatMap(([node, ids]) => {
    const actual = new Set(ids);
    const missing = facts.wanted.filter((id) => !actual.has(id));
    const strange = ids.filter((id) => !wanted.has(id));
    return [
      ...missing.map((id) => `${id} is wanted and not on ${node}`),
      ...strange.map((id) => `${id} is on ${node} and not wanted`),
    ];
  });
  return none('wanted ≠ actual', against);
}
