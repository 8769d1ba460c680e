import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `up`: from the client to the server. `down`: from the server to the client. */
export type Direction = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** The reply to what is under way is to be swallowed. */
  swallow: boolean;
}

interface Drop {
  readonly marker: string | undefined;
  readonly done: (bytes: Buffer) => void;
}

/** A TCP proxy that breaks connections in the ways of a bad network. It knows nothing of what they carry. */
export class TcpProxy {
  /** Connections that clients have tried, those refused among them. */
  attempts = 0;
  readonly #target: { port: number };
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #stalled = new Set<Direction>();
  readonly #onAttempt = new Set<() => void>();
  readonly #onClose = new Set<() => void>();
  #drop: Drop | null = null;
  #refusing = false;

  private constructor(targetPort: number) {
    this.#target = { port: targetPort };
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Lets connections made from now on go elsewhere. */
  retarget(port: number): void {
    this.#target.port = port;
  }

  /** Nothing passes in this direction until `resume`; what arrives meanwhile is kept. */
  stall(direction: Direction): void {
    this.#stalled.add(direction);
    for (const pair of this.#pairs) this.#flow(pair);
  }

  /** Ends both stalls. */
  resume(): void {
    this.#stalled.clear();
    for (const pair of this.#pairs) this.#flow(pair);
  }

  /**
   * The next request, or the next that contains `marker`, reaches the server; what the server answers on that
   * connection is swallowed and the connection cut. Resolves with the swallowed bytes.
   */
  dropNextReply(marker?: string): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#drop = { marker, done: resolve };
    });
  }

  /** Resets all connections; new ones are served. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** While on, new connections are accepted and reset at once, so that they count. */
  refuse(on: boolean): void {
    this.#refusing = on;
  }

  /** Resolves at the `count`th attempt since the proxy started. */
  attempted(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.attempts < count) return;
        this.#onAttempt.delete(look);
        resolve();
      };
      this.#onAttempt.add(look);
      look();
    });
  }

  /** Resolves when no connection is open. */
  closed(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#pairs.size > 0) return;
        this.#onClose.delete(look);
        resolve();
      };
      this.#onClose.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    this.cut();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #serve(client: Socket): void {
    this.attempts++;
    // A broken connection is what this proxy is for; `close` follows.
    client.on('error', () => {});
    for (const look of [...this.#onAttempt]) look();
    if (this.#refusing) return void client.resetAndDestroy();
    const server = connect({ port: this.#target.port, host: '127.0.0.1' });
    server.on('error', () => {});
    const pair: Pair = { client, server, swallow: false };
    this.#pairs.add(pair);
    client.on('data', (bytes) => {
      const drop = this.#drop;
      if (drop && (drop.marker === undefined || bytes.includes(drop.marker))) pair.swallow = true;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (pair.swallow && this.#drop) this.#swallow(pair, this.#drop, bytes);
      else if (client.writable) client.write(bytes);
    });
    client.on('close', () => {
      this.#pairs.delete(pair);
      server.destroy();
      for (const look of [...this.#onClose]) look();
    });
    server.on('close', () => client.destroy());
    this.#flow(pair);
  }

  #swallow(pair: Pair, drop: Drop, bytes: Buffer): void {
    this.#drop = null;
    pair.client.resetAndDestroy();
    drop.done(bytes);
  }

  #flow({ client, server }: Pair): void {
    if (this.#stalled.has('up')) client.pause();
    else client.resume();
    if (this.#stalled.has('down')) server.pause();
    else server.resume();
  }
}

/** A proxy on a free loopback port in front of a loopback port. */
export const startTcpProxy = (targetPort: number): Promise<TcpProxy> => TcpProxy.start(targetPort);
