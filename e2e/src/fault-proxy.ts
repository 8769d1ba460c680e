import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { RequestReader } from './request-reader.js';
import type { Random } from './seeded-random.js';

/**
 * What can happen to one exchange. `reset`: the client's connection breaks, nothing is passed on. `lostReply`: passed
 * on, then the connection breaks in place of a reply. `halfClose`: passed on, the client gets an orderly end and no
 * reply. `late`: the connection breaks at once, the request is passed on after a while. `stallRequest`, `stallReply`:
 * one direction stands still for a while.
 */
export const PROXY_FAULTS = [
  'reset',
  'lostReply',
  'halfClose',
  'late',
  'stallRequest',
  'stallReply',
] as const;

export type ProxyFault = (typeof PROXY_FAULTS)[number];

export interface FaultProxyOptions {
  /** Port on the loopback address that requests are passed on to. */
  readonly target: number;
  readonly random: Random;
  /** Longest stall or lateness in ms; each is drawn from 0 up to it. */
  readonly maxStallMs: number;
}

/** A TCP proxy in front of one node that breaks HTTP exchanges in the ways of a bad network, never their bytes. */
export class FaultProxy {
  /** Chance of a fault for one exchange, 0 to 1. */
  rate = 0;
  /** The faults to choose from, evenly. */
  faults: readonly ProxyFault[] = PROXY_FAULTS;
  /** How often each has struck. */
  readonly struck: Record<ProxyFault, number> = {
    reset: 0,
    lostReply: 0,
    halfClose: 0,
    late: 0,
    stallRequest: 0,
    stallReply: 0,
  };
  readonly #options: FaultProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    // A half-closed connection is one of the faults, so no end may be passed on unasked.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#serve(client));
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => proxy.close());
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection; what was to be late never arrives. Repeating it is harmless. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    const node = connect({ port: this.#options.target, host: '127.0.0.1' });
    const requests = new RequestReader();
    let fault: ProxyFault | null = null;
    for (const socket of [client, node]) {
      this.#sockets.add(socket);
      // A broken connection is what this proxy is for; `close` follows.
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      for (const request of requests.push(bytes)) {
        fault = this.#draw();
        this.#passOn(fault, request, client, node);
      }
    });
    client.on('close', () => {
      if (fault !== 'late' && fault !== 'stallRequest') node.destroy();
    });
    node.on('data', (reply) => this.#passBack(fault, reply, client));
    node.on('close', () => client.destroy());
  }

  #draw(): ProxyFault | null {
    const { random } = this.#options;
    if (random() >= this.rate) return null;
    const fault = this.faults[Math.floor(random() * this.faults.length)] ?? null;
    if (fault) this.struck[fault] += 1;
    return fault;
  }

  #passOn(fault: ProxyFault | null, request: Buffer, client: Socket, node: Socket): void {
    if (fault === 'reset' || fault === 'late') client.resetAndDestroy();
    if (fault === 'reset') return;
    if (fault === 'late' || fault === 'stallRequest') this.#later(() => node.write(request));
    else node.write(request);
  }

  #passBack(fault: ProxyFault | null, reply: Buffer, client: Socket): void {
    if (fault === 'lostReply') client.resetAndDestroy();
    else if (fault === 'halfClose') client.end();
    else if (fault === 'stallReply') this.#later(() => client.writable && client.write(reply));
    else if (client.writable) client.write(reply);
  }

  #later(action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, this.#options.random() * this.#options.maxStallMs);
    this.#timers.add(timer);
  }
}
