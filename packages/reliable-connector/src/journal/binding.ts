import { ReliableConnectorError } from '../errors.js';

/** Node name → base URL. */
export type NodeSet = Readonly<Record<string, string>>;

/** Whether two sets have the same names and base URLs; the order does not matter. */
export function sameNodes(one: NodeSet, other: NodeSet): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** The refusal of a connector that brings other nodes than the journal was bound to (4.3). */
export function otherCluster(journal: string, bound: NodeSet, given: NodeSet): ReliableConnectorError {
  return new ReliableConnectorError(
    'JOURNAL_OTHER_CLUSTER',
    `${journal} belongs to the nodes ${nodeText(bound)}, but the connector was given ${nodeText(given)}; ` +
      'give the nodes of the journal, use another journal, or rebind this one',
  );
}

/** The set in words. */
export function nodeText(nodes: NodeSet): string {
  return Object.keys(nodes)
    .sort()
    .map((name) => `${name}=${nodes[name]}`)
    .join(', ');
}
