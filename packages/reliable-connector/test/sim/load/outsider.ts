import type { Others } from '../judge/rule.js';
import type { SimNode } from '../nodes/sim-node.js';

/** A client that uses the nodes without this journal: reliable for itself, unknown to all others. */
export class Outsider implements Others {
  readonly groups = new Set<string>();
  readonly #taken = new Set<string>();
  readonly #tell: (node: string, groupId: string) => void;

  constructor(tell: (node: string, groupId: string) => void) {
    this.#tell = tell;
  }

  /** Creates the group on one node; `version` null: as a client without timestamps does. */
  create(node: SimNode, groupId: string, version: number | null): void {
    this.groups.add(groupId);
    if (!node.records.has(groupId)) node.records.set(groupId, version);
    this.#tell(node.name, groupId);
  }

  /** Deletes whatever version is there. */
  delete(node: SimNode, groupId: string): void {
    const version = node.records.get(groupId);
    if (version === undefined) return;
    this.groups.add(groupId);
    node.records.delete(groupId);
    this.#taken.add(`${node.name}\n${groupId}\n${version}`);
    this.#tell(node.name, groupId);
  }

  took(node: string, groupId: string, token: number): boolean {
    return this.#taken.has(`${node}\n${groupId}\n${token}`);
  }
}
