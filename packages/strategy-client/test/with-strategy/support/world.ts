import type { IncomingHttpHeaders } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { StrategyManager } from '../../../src/manager/strategy-manager.js';
import { inProcessStore } from '../../../src/stores/in-process/in-process-store.js';
import { otherStrategy, type Strategy } from '../../../src/strategy.js';
import { Deployment } from './deployment.js';
import { type ExportsClient, exportsClient, PINNED } from './exports-service.js';
import { Router, type Verdict } from './router.js';

/** What becomes of one call, from its method and the port of its deployment. */
export type Fault = (port: number) => Verdict;

/** A blue and a green deployment behind a router, on real sockets, and a client of theirs. */
export class World {
  readonly hasSessions: boolean;
  /** How the router says that this is the wrong side: as a proxy does, or in words of its own. */
  readonly refusal: '456' | 'own';
  readonly sides: Record<Strategy, Deployment> = {
    blue: new Deployment('blue', this),
    green: new Deployment('green', this),
  };
  readonly #router: Router = new Router((headers) => this.#judge(headers));
  active: Strategy = 'blue';
  /** The side that serves what was begun on it, and refuses everything else. */
  draining: Strategy | null = null;
  /** The side that replies announce. */
  announced: Strategy | null = null;
  /** Whether the announced side takes calls already. */
  acceptsEarly = true;
  /** Calls that came, by method and strategy. */
  readonly seen: string[] = [];
  readonly #faults = new Map<string, Fault[]>();

  constructor(o: { hasSessions?: boolean; refusal?: '456' | 'own' } = {}) {
    this.hasSessions = o.hasSessions ?? true;
    this.refusal = o.refusal ?? '456';
  }

  /** Starts everything; it is stopped when the test ends. */
  static async start(o: { hasSessions?: boolean; refusal?: '456' | 'own' } = {}): Promise<World> {
    const world = new World(o);
    await Promise.all([world.sides.blue.start(), world.sides.green.start(), world.#router.start()]);
    onTestFinished(async () => {
      await world.#router.stop();
      world.sides.blue.stop();
      world.sides.green.stop();
    });
    return world;
  }

  client(): ExportsClient {
    const client = exportsClient(this.#router.port);
    onTestFinished(() => client.close());
    return client;
  }

  manager(): StrategyManager {
    const manager = new StrategyManager({
      target: `127.0.0.1:${this.#router.port}`,
      store: inProcessStore(),
    });
    onTestFinished(() => manager.close());
    return manager;
  }

  /** What the replies of a side announce (engine-wire 4d). */
  next(from: Strategy): Strategy | undefined {
    if (this.draining !== null) return from === this.draining ? this.active : undefined;
    return this.announced ?? undefined;
  }

  /** Both sides take calls, and all replies name the other one. */
  announce(): void {
    this.announced = otherStrategy(this.active);
  }

  /** The other side is active; this one only ends what was begun on it. */
  drain(): void {
    this.draining = this.active;
    this.active = otherStrategy(this.active);
    this.announced = null;
  }

  /** The drained side ends, with all sessions and jobs. */
  off(): void {
    if (this.draining !== null) this.sides[this.draining].restart();
    this.draining = null;
  }

  /** Drain of no length. */
  switchAtOnce(): void {
    this.drain();
    this.off();
  }

  /** The next call of a method that would have been handed on ends otherwise. */
  fault(method: string, ...faults: Fault[]): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), ...faults]);
  }

  /** How often any side has started a job of this name. */
  starts(name: string): number {
    return (this.sides.blue.starts.get(name) ?? 0) + (this.sides.green.starts.get(name) ?? 0);
  }

  #judge(headers: IncomingHttpHeaders): Verdict {
    const method = String(headers[':path']).split('/')[2] ?? '';
    const strategy = headers['strategy'];
    this.seen.push(`${method}@${strategy}`);
    if (strategy !== 'blue' && strategy !== 'green') return { kind: 'http', status: 456 };
    const isServed =
      strategy === this.active ||
      (strategy === this.draining && PINNED.has(method)) ||
      (strategy === this.announced && this.acceptsEarly);
    if (!isServed && this.refusal === '456') return { kind: 'http', status: 456 };
    if (!isServed) return { kind: 'grpc', code: status.FAILED_PRECONDITION, details: 'wrong side' };
    const { port } = this.sides[strategy];
    return this.#faults.get(method)?.shift()?.(port) ?? { kind: 'pass', port };
  }
}
