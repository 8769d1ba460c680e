import { CoordinationError } from '../errors.js';
import { type Id, idBytes, idText } from '../ids.js';
import { inRange } from '../in-range.js';
import { HashFunction } from './hash-function.js';
import { nodePoints } from './node-points.js';
import { type NodePoints, PointTable } from './point-table.js';

/** Points of a node for each unit of its weight, as in tooz. */
export const DEFAULT_PARTITIONS = 32;
const DEFAULT_HASH_FUNCTION = 'md5';
/** A bound for mistakes: so many points take a second or two to make. */
export const MAX_POINTS_OF_NODE: number = 2 ** 20;

/** Options of `HashRing`. */
export interface HashRingOptions {
  /** Points on the ring for each unit of a node's weight. More share work more evenly. Default 32. */
  readonly partitions?: number;
  /** A name that Python's hashlib or Node's crypto knows. Default `md5`. */
  readonly hashFunction?: string;
  /** Weights of nodes that are given to the constructor, by the node's text. Default 1 each. */
  readonly weights?: ReadonlyMap<string, number>;
}

/** Options of `HashRing.addNode` and `addNodes`. */
export interface NodeOptions {
  /** The node's share in proportion to those of others: an integer; with 0 it is on the ring and owns nothing. Default 1. */
  readonly weight?: number;
}

/** Options of `HashRing.getNodes`. */
export interface OwnersOptions {
  /** How many nodes to name; fewer are named when there are fewer. Default 1. */
  readonly replicas?: number;
  /** Nodes to pass over. Those that are not on the ring do no harm. */
  readonly ignore?: Iterable<Id>;
}

/**
 * Places data on nodes by consistent hashing: a node that comes or goes moves about its own share of the data and leaves
 * the rest where it is. Owners are those that `tooz.hashring` names, bit for bit, so that Node and Python share work.
 *
 * Nodes are text, or bytes, which are the text that `idText` makes of them. Changes cost nothing by themselves: the first
 * look after them makes the points of new nodes and sorts all, so that a thousand changes cost hardly more than one.
 */
export class HashRing {
  /** Points on the ring for each unit of weight. */
  readonly partitions: number;
  readonly #hash: HashFunction;
  readonly #nodes = new Map<string, number>();
  /** By node. Made when the ring is looked at, and kept, since hashing costs more than sorting. */
  readonly #points = new Map<string, Buffer>();
  #table: PointTable | null = null;

  /** Throws `INVALID_ARGUMENT` for an unknown hash function and for numbers that are out of range. */
  constructor(nodes: Iterable<Id> = [], o: HashRingOptions = {}) {
    const { partitions = DEFAULT_PARTITIONS, hashFunction = DEFAULT_HASH_FUNCTION, weights } = o;
    this.partitions = integer('partitions', partitions, 1, MAX_POINTS_OF_NODE);
    this.#hash = new HashFunction(hashFunction);
    for (const node of nodes) {
      const weight = weights?.get(idText('node', node));
      this.addNode(node, weight === undefined ? {} : { weight });
    }
  }

  /** The nodes with their weights, in the order in which they came. A view: it changes with the ring. */
  get nodes(): ReadonlyMap<string, number> {
    return this.#nodes;
  }

  /** How many points are on the ring: partitions times the sum of the weights. */
  get size(): number {
    return this.#look().size;
  }

  /** Adds a node, or gives one that is there another weight. */
  addNode(node: Id, o: NodeOptions = {}): void {
    this.addNodes([node], o);
  }

  /** Adds nodes of equal weight. */
  addNodes(nodes: Iterable<Id>, { weight = 1 }: NodeOptions = {}): void {
    integer('weight', weight, 0, Math.floor(MAX_POINTS_OF_NODE / this.partitions));
    for (const node of nodes) {
      const text = idText('node', node);
      if (this.#nodes.get(text) !== weight) this.#points.delete(text);
      this.#nodes.set(text, weight);
      this.#table = null;
    }
  }

  /** Throws `INVALID_ARGUMENT` for a node that is not on the ring. */
  removeNode(node: Id): void {
    const text = idText('node', node);
    if (!this.#nodes.delete(text))
      throw new CoordinationError(
        'INVALID_ARGUMENT',
        `node ${JSON.stringify(text)} is not on the ring, which has ${this.#nodes.size} nodes; remove one of \`nodes\``,
      );
    this.#points.delete(text);
    this.#table = null;
  }

  /**
   * The nodes that own this data (text is taken as UTF-8), the first owner first; fewer than `replicas`, or none, if there
   * are no more that are not ignored.
   */
  getNodes(data: string | Uint8Array, { replicas = 1, ignore = [] }: OwnersOptions = {}): Set<string> {
    integer('replicas', replicas, 0, Number.MAX_SAFE_INTEGER);
    const ignored = new Set(Array.from(ignore, (node) => idText('ignore', node)));
    const table = this.#look();
    const wanted = Math.min(replicas, table.nodes - this.#owning(ignored));
    const owners = new Set<string>();
    if (wanted === 0) return owners;
    for (const node of table.from(this.#hash.digest(typeof data === 'string' ? idBytes(data) : data))) {
      if (!ignored.has(node)) owners.add(node);
      if (owners.size === wanted) break;
    }
    return owners;
  }

  /** How many of these nodes have points on the ring. */
  #owning(nodes: ReadonlySet<string>): number {
    let owning = 0;
    for (const node of nodes) if ((this.#nodes.get(node) ?? 0) > 0) owning++;
    return owning;
  }

  #look(): PointTable {
    if (this.#table) return this.#table;
    const nodes = [...this.#nodes].filter(([, weight]) => weight > 0);
    this.#table = new PointTable(
      nodes.map(([node, weight]) => this.#pointsOf(node, weight)),
      this.#hash.width,
    );
    return this.#table;
  }

  #pointsOf(node: string, weight: number): NodePoints {
    let digests = this.#points.get(node);
    if (!digests) {
      digests = nodePoints(idBytes(node), this.partitions * weight, this.#hash);
      this.#points.set(node, digests);
    }
    return { node, digests };
  }
}

function integer(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value)) return inRange(name, value, least, most);
  throw new CoordinationError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; give an integer from ${least} to ${most}`,
  );
}
