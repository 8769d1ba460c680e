import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ClusterSimError } from './cluster-sim-error.js';
import { Deferred } from './deferred.js';
import { advertisedExtensions } from './extensions.js';
import type { FaultPlan } from './faults/fault-plan.js';
import { parseFaultPlan } from './faults/parse-fault-plan.js';
import { type AdminTarget, addAdminRoutes, type NodeAction } from './http/admin-routes.js';
import { buildApp } from './http/build-app.js';
import { addGroupRoutes } from './http/group-routes.js';
import { Listener } from './http/listener.js';
import { addNodeRoutes } from './http/node-routes.js';
import { addObserveRoutes } from './http/observe-routes.js';
import type { AppliedEntry } from './log/applied-entry.js';
import { AppliedLog } from './log/applied-log.js';
import { RING_CAPACITY } from './log/applied-ring.js';
import { Metrics } from './metrics.js';
import { NodeDirectory } from './node-directory.js';
import {
  type ClusterSimOptions,
  type ResolvedClusterSimOptions,
  resolveClusterSimOptions,
} from './options.js';
import { type Random, seededRandom } from './random.js';
import { diceFor, SimNode, type VerbDice } from './sim-node.js';
import { StatsReader } from './stats.js';
import { NodeStore } from './store/node-store.js';
import { WriteQueue } from './write-queue.js';

/** A running cluster. */
export interface ClusterSim extends AsyncDisposable {
  /** Base URL of the port that all nodes share, without `/v1`. */
  readonly url: string;
  /** Base URL of each node by name, with `/v1`: its own port where it has one, else the shared port. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Secret for `/admin`, to be sent as `Authorization: Bearer`. */
  readonly adminToken: string;
  /** Seed of the fault dice, to repeat a run. */
  readonly seed: string;
  /** Replaces the whole plan. @throws ClusterSimError `INVALID_FAULTS`; the old plan stays. */
  setFaults(plan: FaultPlan): void;
  /** The latest writes that were really applied, oldest first, 100,000 at most. */
  log(): readonly AppliedEntry[];
  /**
   * The node answers nothing until `startNode`: its own port refuses connections, requests to it on the shared port
   * are reset. Its records stay. @throws ClusterSimError `UNKNOWN_NODE`.
   */
  stopNode(name: string): Promise<void>;
  /** Brings a stopped node back, on the same port. @throws ClusterSimError `UNKNOWN_NODE` or `PORT_IN_USE`. */
  startNode(name: string): Promise<void>;
  /** The node goes on with an empty disk. @throws ClusterSimError `UNKNOWN_NODE`. */
  wipeNode(name: string): Promise<void>;
  /** Ends running requests within `closeTimeoutMs`, drops late writes, closes the files. Repeating it is harmless. */
  close(): Promise<void>;
}

/**
 * Starts a cluster of simulated nodes and resolves when it listens.
 *
 * @throws ClusterSimError `INVALID_OPTION`, `INVALID_FAULTS`, `PORT_IN_USE`, `LISTEN_FAILED`, `DATA_IN_USE` or
 * `DATA_INVALID`; nothing is left open then.
 */
export async function startClusterSim(options: ClusterSimOptions = {}): Promise<ClusterSim> {
  const cluster = new RunningCluster(resolveClusterSimOptions(options));
  try {
    await cluster.open();
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

class RunningCluster implements ClusterSim, AdminTarget {
  readonly #options: ResolvedClusterSimOptions;
  readonly #directory: NodeDirectory;
  readonly #log: AppliedLog;
  readonly #queue: WriteQueue;
  readonly #deferred: Deferred;
  readonly #random: Random;
  readonly #advertised: string | undefined;
  readonly #own = new Map<SimNode, Listener>();
  #app: FastifyInstance | undefined;
  #shared: Listener | undefined;
  #plan: FaultPlan = {};
  #diceOfNoNode: VerbDice;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedClusterSimOptions) {
    this.#options = options;
    this.#advertised = advertisedExtensions(options.extensions);
    this.#directory = openNodes(options);
    this.#log = openLog(options, this.#directory);
    this.#queue = new WriteQueue(this.#log, options.logger);
    this.#deferred = new Deferred(options.clock);
    this.#random = options.random ?? seededRandom(options.seed, '');
    this.#diceOfNoNode = diceFor({}, undefined, this.#random);
    this.setFaults(options.faults);
  }

  async open(): Promise<void> {
    const { host, port, nodePorts, logger, seed } = this.#options;
    const app = await this.#buildApp();
    this.#shared = await this.#listen(app, { purpose: 'the nodes', port, isUp: () => true });
    for (const node of this.#directory.all) {
      const own = nodePorts.get(node.name);
      if (own === undefined) continue;
      const listener = await this.#listen(app, {
        purpose: node.name,
        port: own,
        isUp: () => !node.isDown,
        node,
      });
      this.#own.set(node, listener);
    }
    logger.info({ url: this.url, host, seed, nodes: this.#directory.names }, 'the cluster listens');
  }

  get url(): string {
    return urlOf(this.#options.host, this.#shared?.port ?? this.#options.port);
  }

  get nodes(): Readonly<Record<string, string>> {
    const { host } = this.#options;
    const base = (node: SimNode): string => {
      const own = this.#own.get(node);
      return own === undefined ? this.url : urlOf(host, own.port);
    };
    return Object.fromEntries(this.#directory.all.map((node) => [node.name, `${base(node)}/v1`]));
  }

  get adminToken(): string {
    return this.#options.adminToken;
  }

  get seed(): string {
    return this.#options.seed;
  }

  get ring(): AppliedLog['ring'] {
    return this.#log.ring;
  }

  faults(): FaultPlan {
    return this.#plan;
  }

  setFaults(plan: unknown): void {
    this.#plan = parseFaultPlan(plan, this.#options.nodes);
    this.#diceOfNoNode = diceFor(this.#plan, undefined, this.#random);
    for (const node of this.#directory.all) {
      node.setFaults(this.#plan);
      if (node.isDown) this.#deferred.resetHeld(node);
    }
  }

  log(): readonly AppliedEntry[] {
    return this.#log.ring.read(0, RING_CAPACITY);
  }

  stopNode(name: string): Promise<void> {
    return this.actOnNode('stop', name);
  }

  startNode(name: string): Promise<void> {
    return this.actOnNode('start', name);
  }

  wipeNode(name: string): Promise<void> {
    return this.actOnNode('wipe', name);
  }

  async actOnNode(action: NodeAction, name: string): Promise<void> {
    if (this.#closing !== undefined)
      throw new ClusterSimError('CLOSED', 'the cluster is closed; start a new one');
    const node = this.#directory.get(name);
    this.#options.logger.info({ node: name, action }, 'a node is changed');
    if (action === 'wipe') {
      // What this turn has taken in belongs to the old disk.
      this.#queue.flush();
      node.store.wipe();
      return;
    }
    node.stopped = action === 'stop';
    if (action === 'start') return this.#own.get(node)?.open();
    this.#deferred.resetHeld(node);
    await this.#own.get(node)?.close(0);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { closeTimeoutMs, logger } = this.#options;
    const dropped = this.#deferred.abandon();
    if (dropped > 0) logger.info({ dropped }, 'late writes were dropped by the stop');
    const listeners = [...this.#own.values(), ...(this.#shared === undefined ? [] : [this.#shared])];
    await Promise.all(listeners.map((listener) => listener.close(closeTimeoutMs)));
    // Requests that ran until now may have put something off in their turn.
    this.#deferred.abandon();
    this.#queue.flush();
    await this.#app?.close();
    this.#log.close();
    for (const node of this.#directory.all) node.store.close();
  }

  async #buildApp(): Promise<FastifyInstance> {
    const options = this.#options;
    const directory = this.#directory;
    const metrics = new Metrics(directory);
    const app = buildApp({ ...options, advertised: this.#advertised });
    this.#app = app;
    const context = { ...options, directory, queue: this.#queue, deferred: this.#deferred, metrics };
    addGroupRoutes(app, { context, diceOfNoNode: () => this.#diceOfNoNode });
    addNodeRoutes(app, { directory, stats: new StatsReader(directory), list: options.extensions.list });
    await addAdminRoutes(app, this);
    await addObserveRoutes(app, { metrics, directory, advertised: this.#advertised });
    await app.ready();
    return app;
  }

  async #listen(
    app: FastifyInstance,
    place: { purpose: string; port: number; isUp: () => boolean; node?: SimNode },
  ): Promise<Listener> {
    const { node } = place;
    const listener = new Listener({
      ...place,
      host: this.#options.host,
      advertised: this.#advertised,
      handle: (request, response) => {
        // On a node's own port a request that names no node means this one.
        if (node !== undefined && !request.headers['node']) {
          request.headers['node'] = this.#directory.findByHost(request.headers.host)?.name ?? node.name;
        }
        app.routing(request, response);
      },
    });
    await listener.open();
    return listener;
  }
}

/** Opens the applied log; where that fails, closes the nodes' files again. */
function openLog(options: ResolvedClusterSimOptions, directory: NodeDirectory): AppliedLog {
  try {
    return new AppliedLog({ ...options, folder: options.dataDir, maxBytes: options.maxLogBytes });
  } catch (error) {
    for (const node of directory.all) node.store.close();
    throw error;
  }
}

/** Opens all nodes' files, or none. */
function openNodes(options: ResolvedClusterSimOptions): NodeDirectory {
  const opened: SimNode[] = [];
  try {
    for (const name of options.nodes) {
      const store = new NodeStore(join(options.dataDir, `${name}.db`), options.extensions, options.clock);
      opened.push(new SimNode(name, store, options.random ?? seededRandom(options.seed, name)));
    }
    return new NodeDirectory(opened);
  } catch (error) {
    for (const node of opened) node.store.close();
    throw error;
  }
}

/** An address that a client can use: listening everywhere includes the loopback. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
