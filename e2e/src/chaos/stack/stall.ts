import type { Socket } from 'node:net';

/** `up`: from the client to the node. */
export type Direction = 'up' | 'down';

/** A connection through the proxy. */
export interface Pair {
  readonly client: Socket;
  readonly node: Socket;
  /** What was sent in a direction that is held; null: it passes. */
  readonly held: Record<Direction, Buffer[] | null>;
}

/** Something that is held up; it is to be released once. */
export interface Stall {
  /** Passes on what was held, in its order, also of clients that are gone. */
  release(): void;
}

/** One direction of these connections. */
export function holdAll(pairs: readonly Pair[], direction: Direction): Stall {
  for (const pair of pairs) pair.held[direction] = [];
  return {
    release: () => {
      for (const pair of pairs) release(pair, direction);
    },
  };
}

const FENCE = /holdfast-fence: *[^:\r\n]+:(\d+)/gi;

/** Each connection from its next write with a term on. A header that comes in two pieces, which is rare, is not seen. */
export class WriteStall implements Stall {
  /** Resolves when a write is held. */
  readonly holding: Promise<void>;
  /** Resolves when a write of a later term than all that is held has passed. */
  readonly overtaken: Promise<void>;
  readonly #held: Pair[] = [];
  #highest = 0n;
  #letsPass = false;
  #holds: () => void = () => {};
  #isOvertaken: () => void = () => {};

  constructor() {
    this.holding = new Promise((resolve) => {
      this.#holds = resolve;
    });
    this.overtaken = new Promise((resolve) => {
      this.#isOvertaken = resolve;
    });
  }

  /** What a connection is about to pass on, or to hold. */
  see(pair: Pair, bytes: Buffer): void {
    for (const [, digits = '0'] of bytes.toString('latin1').matchAll(FENCE)) {
      const term = BigInt(digits);
      if (pair.held.up === null && !this.#letsPass) {
        pair.held.up = [];
        this.#held.push(pair);
      }
      if (pair.held.up !== null) {
        if (term > this.#highest) this.#highest = term;
        this.#holds();
      } else if (this.#held.length > 0 && term > this.#highest) this.#isOvertaken();
    }
  }

  /** Holds no more than it has; what comes later on other connections passes. */
  letOthersPass(): void {
    this.#letsPass = true;
  }

  release(): void {
    for (const pair of this.#held) release(pair, 'up');
  }
}

/** Passes bytes on, unless they are held. */
export function pass(pair: Pair, direction: Direction, bytes: Buffer): void {
  const held = pair.held[direction];
  const to = direction === 'up' ? pair.node : pair.client;
  if (held !== null) held.push(bytes);
  else if (to.writable) to.write(bytes);
}

function release(pair: Pair, direction: Direction): void {
  const held = pair.held[direction] ?? [];
  pair.held[direction] = null;
  for (const bytes of held) pass(pair, direction, bytes);
  // Its client has gone meanwhile; the node may still answer, to nobody.
  if (direction === 'up' && (pair.client.readableEnded || pair.client.destroyed)) pair.node.end();
}
