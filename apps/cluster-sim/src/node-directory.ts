import type { IncomingHttpHeaders } from 'node:http';
import { ClusterSimError } from './cluster-sim-error.js';
import { NO_NODE, type NodeReply, unknownNodeReply } from './replies.js';
import type { SimNode } from './sim-node.js';

/** First label of a host name, without the port. */
const FIRST_LABEL = /^[^.:]*/;

/** Finds the node that a request is meant for. */
export class NodeDirectory {
  readonly all: readonly SimNode[];
  readonly names: readonly string[];
  readonly #byName: ReadonlyMap<string, SimNode>;
  readonly #byLabel: ReadonlyMap<string, SimNode>;

  constructor(nodes: readonly SimNode[]) {
    this.all = nodes;
    this.names = nodes.map((node) => node.name);
    this.#byName = new Map(nodes.map((node) => [node.name, node]));
    this.#byLabel = new Map(nodes.map((node) => [node.name.toLowerCase(), node]));
  }

  /** @throws ClusterSimError `UNKNOWN_NODE` that lists the names there are. */
  get(name: string): SimNode {
    const node = this.#byName.get(name);
    if (node !== undefined) return node;
    throw new ClusterSimError(
      'UNKNOWN_NODE',
      `there is no node '${name}'; there are ${this.names.join(', ')}`,
    );
  }

  /** The node of the header `node`, else of the host name's first label; undefined where neither names one. */
  find(headers: IncomingHttpHeaders): SimNode | undefined {
    const name = headers['node'];
    if (name !== undefined && name !== '') return this.#byName.get(String(name));
    return this.findByHost(headers.host);
  }

  /** The node of `node01.example.org:8080`, in any case of letters. */
  findByHost(host: string | undefined): SimNode | undefined {
    if (host === undefined) return undefined;
    const label = FIRST_LABEL.exec(host)?.[0] ?? '';
    return this.#byLabel.get(label) ?? this.#byLabel.get(label.toLowerCase());
  }

  /** Why `find` found nothing. */
  refusal(headers: IncomingHttpHeaders): NodeReply {
    const name = headers['node'];
    return name === undefined || name === '' ? NO_NODE : unknownNodeReply(String(name), this.names);
  }
}
