import type { History, Verdict } from '../history/history.js';
import { none } from './verdict.js';

/** Ids that some nodes have and others do not. Fewer than two listed nodes cannot agree, which speaks against a run too. */
export function divergentIds({ facts }: History): Verdict {
  const nodes = Object.entries(facts.nodes).map(([name, ids]) => ({ name, ids: new Set(ids) }));
  if (nodes.length < 2) return none('divergent ids', [`only ${nodes.length} nodes were listed`]);
  const all = new Set(nodes.flatMap(({ ids }) => [...ids]));
  const against = [...all].flatMap((id) => {
    const without = nodes.filter(({ ids }) => !ids.has(id)).map(({ name }) => name);
    return without.length === 0 ? [] : [`${id} is missing on ${without.join(', ')} and on no other node`];
  });
  return none('divergent ids', against);
}
