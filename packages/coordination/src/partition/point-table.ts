import { sortedPlaces } from './sorted-places.js';

/** The points of one node. */
export interface NodePoints {
  readonly node: string;
  /** Digests, one behind the other. */
  readonly digests: Buffer;
}

/**
 * All points of a ring in the order of their digests. Immutable. Held as columns of numbers, since an object for each
 * point would take several times the memory.
 */
export class PointTable {
  readonly #nodes: readonly NodePoints[];
  readonly #width: number;
  readonly #digests: Buffer;
  /** Which of `#nodes` each digest belongs to. */
  readonly #owners: Uint32Array;
  /** Which of the digests each point is, in order, and its first 32 bits: few searches have to look at more. */
  readonly #places: Uint32Array;
  readonly #prefixes: Uint32Array;

  /** Digests are `width` bytes long, four at least; of equal ones the last counts. */
  constructor(nodes: readonly NodePoints[], width: number) {
    this.#nodes = nodes;
    this.#width = width;
    this.#digests = Buffer.concat(nodes.map(({ digests }) => digests));
    this.#owners = new Uint32Array(this.#digests.length / width);
    this.#places = sortedPlaces(this.#digests, width);
    this.#prefixes = new Uint32Array(this.#places.length);
    for (let point = 0; point < this.#places.length; point++)
      this.#prefixes[point] = this.#digests.readUInt32BE((this.#places[point] ?? 0) * width);
    let end = 0;
    nodes.forEach(({ digests }, owner) => {
      const start = end;
      end += digests.length / width;
      this.#owners.fill(owner, start, end);
    });
  }

  /** How many nodes there are. */
  get nodes(): number {
    return this.#nodes.length;
  }

  /** How many points there are. */
  get size(): number {
    return this.#places.length;
  }

  /** The nodes as one meets them from the first point after `digest` on, once around; most of them many times. */
  *from(digest: Buffer): Generator<string, void, undefined> {
    const first = this.#after(digest);
    for (let i = 0; i < this.size; i++) {
      const place = this.#places[(first + i) % this.size] ?? 0;
      const owner = this.#nodes[this.#owners[place] ?? 0];
      if (owner !== undefined) yield owner.node;
    }
  }

  #after(digest: Buffer): number {
    const prefix = digest.readUInt32BE();
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isAfter(middle, prefix, digest)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #isAfter(point: number, prefix: number, digest: Buffer): boolean {
    const own = this.#prefixes[point] ?? 0;
    if (own !== prefix) return own > prefix;
    const start = (this.#places[point] ?? 0) * this.#width;
    return digest.compare(this.#digests, start, start + this.#width) < 0;
  }
}
