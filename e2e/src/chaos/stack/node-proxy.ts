import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Direction, holdAll, type Pair, pass, type Stall, WriteStall } from './stall.js';

/**
 * A TCP proxy before one node. It cuts the node off, or holds what is sent and delivers it later: so the writes of a
 * leader that is no more come after those of the next.
 */
export class NodeProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isCut = false;
  #writes: WriteStall | null = null;

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

  /** Holds one direction of the connections that are open now; new ones pass. */
  stall(direction: Direction): Stall {
    return holdAll([...this.#pairs], direction);
  }

  /** Holds writes, on whatever connection. One such stall at a time. */
  stallWrites(): WriteStall {
    this.#writes = new WriteStall();
    return this.#writes;
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
    client.on('data', (bytes) => {
      this.#writes?.see(pair, bytes);
      pass(pair, 'up', bytes);
    });
    node.on('data', (bytes) => pass(pair, 'down', bytes));
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
