import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `up`: from the client to the node. */
export type Direction = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly node: Socket;
  /** What was sent in a direction that is held; null: it passes. */
  readonly held: Record<Direction, Buffer[] | null>;
}

/** A stall that is under way. */
export interface Stall {
  /** Resolves when a write that has a term is held. */
  readonly holding: Promise<void>;
  /** Resolves when a connection that is not held has sent a write of a later term than all that is held. */
  readonly overtaken: Promise<void>;
  /** Connections that are made from now on pass. */
  letNewOnesPass(): void;
  /** Passes on what was held, in its order, also of clients that are gone. */
  release(): void;
}

const FENCE = /holdfast-fence: *[^:\r\n]+:(\d+)/gi;

/** What terms are held, and whether a later one passes. A header that comes in two pieces, which is rare, is not seen. */
class Watch {
  readonly holding: Promise<void>;
  readonly overtaken: Promise<void>;
  #highest: bigint | null = null;
  #holds: () => void = () => {};
  #overtakes: () => void = () => {};

  constructor() {
    this.holding = new Promise((resolve) => {
      this.#holds = resolve;
    });
    this.overtaken = new Promise((resolve) => {
      this.#overtakes = resolve;
    });
  }

  see(bytes: Buffer, isHeld: boolean): void {
    for (const [, digits = '0'] of bytes.toString('latin1').matchAll(FENCE)) {
      const term = BigInt(digits);
      if (isHeld) {
        if (this.#highest === null || term > this.#highest) this.#highest = term;
        this.#holds();
      } else if (this.#highest !== null && term > this.#highest) this.#overtakes();
    }
  }
}

/**
 * A TCP proxy before one node. It cuts the node off, or holds what is sent on the connections up to a moment and delivers
 * it later: so the writes of a leader that is no more come after those of the next.
 */
export class NodeProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isCut = false;
  #watch: Watch | null = null;
  /** What new connections do to a stall. */
  #join: ((pair: Pair) => void) | null = null;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#serve(client));
  }

  /** @param target port on the loopback address. */
  static async start(target: number): Promise<NodeProxy> {
    const proxy = new NodeProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets all connections, and those that are tried until `mend`. */
  cut(): void {
    this.#isCut = true;
    this.#reset();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Holds one direction of all connections. One stall at a time. */
  stall(direction: Direction): Stall {
    const held: Pair[] = [];
    const hold = (pair: Pair): void => {
      pair.held[direction] = [];
      held.push(pair);
    };
    const watch = new Watch();
    const letNewOnesPass = (): void => {
      this.#join = null;
    };
    const release = (): void => {
      letNewOnesPass();
      this.#watch = null;
      for (const pair of held) releaseOf(pair, direction);
    };
    this.#watch = watch;
    this.#join = hold;
    for (const pair of this.#pairs) hold(pair);
    return { holding: watch.holding, overtaken: watch.overtaken, letNewOnesPass, release };
  }

  async close(): Promise<void> {
    this.#reset();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #reset(): void {
    for (const { client, node } of this.#pairs) {
      client.resetAndDestroy();
      node.destroy();
    }
  }

  #serve(client: Socket): void {
    // A broken connection is what this proxy is for; `close` follows.
    client.on('error', () => {});
    if (this.#isCut) return void client.resetAndDestroy();
    const node = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    node.on('error', () => {});
    const pair: Pair = { client, node, held: { up: null, down: null } };
    this.#pairs.add(pair);
    this.#join?.(pair);
    client.on('data', (bytes) => {
      this.#watch?.see(bytes, pair.held.up !== null);
      pass(pair.held.up, bytes, node);
    });
    node.on('data', (bytes) => pass(pair.held.down, bytes, client));
    client.on('end', () => {
      if (pair.held.up === null) node.end();
    });
    client.on('close', () => {
      if (pair.held.up === null) this.#drop(pair);
    });
    node.on('close', () => {
      client.destroy();
      this.#pairs.delete(pair);
    });
  }

  #drop(pair: Pair): void {
    this.#pairs.delete(pair);
    // In order, so that what has just been passed on arrives.
    pair.node.end();
    pair.node.resume();
  }
}

function pass(held: Buffer[] | null, bytes: Buffer, to: Socket): void {
  if (held !== null) held.push(bytes);
  else if (to.writable) to.write(bytes);
}

function releaseOf(pair: Pair, direction: Direction): void {
  const bytes = pair.held[direction] ?? [];
  pair.held[direction] = null;
  const to = direction === 'up' ? pair.node : pair.client;
  for (const piece of bytes) if (to.writable) to.write(piece);
  // Its client has gone meanwhile; the node may still answer, to nobody.
  if (direction === 'up' && (pair.client.readableEnded || pair.client.destroyed)) pair.node.end();
}
