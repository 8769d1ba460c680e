import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { type AdminServer, startAdminServer } from './admin/admin-server.js';
import type { AdminTarget } from './admin/admin-target.js';
import { clusterHandlers } from './cluster-service/cluster-handlers.js';
import { ClusterState, type ClusterStatus } from './cluster-service/cluster-state.js';
import { type Both, both, COLOURS, type Colour } from './colour.js';
import { Counts, type CountsSnapshot } from './counts.js';
import { CredentialCheck } from './engine/credentials.js';
import { Deployment } from './engine/deployment.js';
import { engineHandlers } from './engine/engine-handlers.js';
import { type GrpcBackend, startGrpcBackend } from './engine/grpc-backend.js';
import { IdSource } from './engine/id-source.js';
import { LruMap } from './engine/lru-map.js';
import { EngineMockError } from './engine-mock-error.js';
import { FaultDice } from './faults/fault-dice.js';
import type { FaultPlan } from './faults/fault-plan.js';
import { parseFaultPlan } from './faults/parse-fault-plan.js';
import {
  type EngineMockOptions,
  type ResolvedEngineMockOptions,
  resolveEngineMockOptions,
} from './options.js';
import { seededRandom } from './random.js';
import { type KillOptions, Router } from './router/router.js';
import { Upstream } from './router/upstream.js';
import { openSqlEngine } from './sql/open-sql-engine.js';
import type { SqlEngine } from './sql/query-source.js';
import { accepts, activeOf, announcedBy, nextOf, type Phase } from './switching/switch-state.js';
import { Switcher, type SwitchRequest } from './switching/switcher.js';

/** What the engine shows of itself. */
export interface EngineState extends CountsSnapshot {
  /** The colour that takes new work; while a switch drains, the new one. */
  readonly active: Colour;
  readonly phase: Phase;
  /** The colour that a switch goes to; null in the steady phase. */
  readonly next: Colour | null;
  /** Switches that have reached their end. */
  readonly switches: number;
  /** Whether calls are answered with 503. */
  readonly suspended: boolean;
  readonly cluster: ClusterStatus;
  /** How often each deployment has been started, the first time included. */
  readonly generation: Both<number>;
  readonly sessions: Both<number>;
  /** Queries that were prepared and neither cleared nor cancelled. */
  readonly runningQueries: Both<number>;
  /** Connections that clients have now. */
  readonly connections: number;
  /** Connections that clients have made. */
  readonly connectionsOpened: number;
}

/** A running router with its two deployments. */
export interface EngineMock extends AdminTarget, AsyncDisposable {
  /** The router's port. */
  readonly port: number;
  /** `host:port` for clients. */
  readonly address: string;
  readonly adminToken: string;
  /** Base URL of the admin server; null where there is none. */
  readonly adminUrl: string | null;
  /** What the fault dice and the ids were seeded with. */
  readonly seed: string;
  /**
   * Begins a switch; during one, the way back. Returns at once.
   *
   * @throws EngineMockError `SWITCH_REFUSED` or `INVALID_OPTION`.
   */
  switch(request?: SwitchRequest): void;
  state(): EngineState;
  /** Replaces all faults. @throws EngineMockError `INVALID_FAULTS`; nothing has been changed then. */
  setFaults(plan: unknown): void;
  /** The rules that are not over. */
  faults(): FaultPlan;
  /** Forgets the sessions of a colour, or of both; how many there were. Queries go on. */
  expireSessions(colour?: Colour): number;
  /** Resets the connections of all clients; how many there were. */
  killConnections(options?: KillOptions): number;
  /** From now on calls are answered with 503. Sessions and queries stay. */
  suspend(): void;
  /** Begins to resume, which takes `resumeDelayMs`. */
  resume(): void;
  /** Takes no new call, waits up to `closeTimeoutMs` for running ones, and frees ports and files. Repeating it is harmless. */
  close(): Promise<void>;
}

/**
 * Starts the router, a blue and a green engine behind it, and the admin server.
 *
 * @throws EngineMockError `INVALID_OPTION`, `INVALID_FAULTS`, `PORT_IN_USE`, `LISTEN_FAILED` or `DATA_INVALID`; nothing
 * stays open then.
 */
export async function startEngineMock(options?: EngineMockOptions): Promise<EngineMock> {
  const resolved = resolveEngineMockOptions(options);
  const engine = new RunningEngine(resolved, resolved.sql ?? openSqlEngine(resolved));
  try {
    await engine.open();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

class RunningEngine implements EngineMock {
  readonly #options: ResolvedEngineMockOptions;
  readonly #sql: SqlEngine;
  readonly #counts = new Counts();
  readonly #dice: FaultDice;
  readonly #cluster: ClusterState;
  readonly #switcher: Switcher;
  readonly #deployments: Both<Deployment>;
  readonly #backends: GrpcBackend[] = [];
  readonly #upstreams: Upstream[] = [];
  #router: Router | undefined;
  #admin: AdminServer | undefined;
  #port: number;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedEngineMockOptions, sql: SqlEngine) {
    this.#options = options;
    this.#sql = sql;
    this.#port = options.port;
    this.#dice = new FaultDice(options.random ?? seededRandom(options.seed, 'faults'), (kind) =>
      this.#counts.fault(kind),
    );
    this.#dice.plan = options.faults;
    this.#cluster = new ClusterState(options);
    this.#deployments = this.#createDeployments();
    this.#switcher = new Switcher({
      ...options,
      runningQueries: (colour) => this.#deployments[colour].runningQueries,
      turnOff: (colour) => this.#deployments[colour].restart(),
    });
  }

  async open(): Promise<void> {
    const { host, clusterName, adminPort, adminToken, logger } = this.#options;
    const router = new Router({
      ...this.#options,
      rules: {
        state: () => this.#switcher.state,
        isSuspended: () => this.#cluster.status !== 'active',
        clusterName,
      },
      upstreams: { blue: await this.#startBackend('blue'), green: await this.#startBackend('green') },
      dice: this.#dice,
      called: (rpc, colour) => this.#counts.call(rpc, colour),
      mismatched: (rpc, colour) => this.#counts.mismatch(rpc, colour),
    });
    this.#router = router;
    this.#port = await router.listen();
    if (adminPort !== false) {
      this.#admin = await startAdminServer({
        target: this,
        host,
        port: adminPort,
        token: adminToken,
        logger,
      });
    }
    logger.info({ address: this.address, admin: this.adminUrl, seed: this.seed }, 'the engine listens');
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `${clientHost(this.#options.host)}:${this.#port}`;
  }

  get adminToken(): string {
    return this.#options.adminToken;
  }

  get adminUrl(): string | null {
    return this.#admin?.url ?? null;
  }

  get seed(): string {
    return this.#options.seed;
  }

  switch(request: SwitchRequest = {}): void {
    this.#checkOpen();
    this.#switcher.begin(request);
  }

  state(): EngineState {
    const { state, completed } = this.#switcher;
    const each = <T>(read: (deployment: Deployment) => T): Both<T> =>
      both((colour) => read(this.#deployments[colour]));
    return {
      active: activeOf(state),
      phase: state.phase,
      next: nextOf(state),
      switches: completed,
      suspended: this.#cluster.status !== 'active',
      cluster: this.#cluster.status,
      generation: each(({ generation }) => generation),
      sessions: each(({ sessions }) => sessions),
      runningQueries: each(({ runningQueries }) => runningQueries),
      connections: this.#router?.connections ?? 0,
      connectionsOpened: this.#router?.connectionsOpened ?? 0,
      ...this.#counts.snapshot(),
    };
  }

  setFaults(plan: unknown): void {
    this.#dice.plan = parseFaultPlan(plan);
  }

  faults(): FaultPlan {
    return this.#dice.plan;
  }

  expireSessions(colour?: Colour): number {
    const colours = colour === undefined ? COLOURS : [colour];
    return colours.reduce((count, one) => count + this.#deployments[one].expireSessions(), 0);
  }

  killConnections(options?: KillOptions): number {
    return this.#router?.killConnections(options) ?? 0;
  }

  suspend(): void {
    this.#checkOpen();
    this.#cluster.suspend();
  }

  resume(): void {
    this.#checkOpen();
    this.#cluster.resume();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#switcher.close();
    this.#cluster.close();
    await this.#admin?.close();
    await this.#router?.close(this.#options.closeTimeoutMs);
    for (const upstream of this.#upstreams) upstream.close();
    await Promise.all(this.#backends.map((backend) => backend.close()));
    for (const colour of COLOURS) this.#deployments[colour].restart();
    this.#sql.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new EngineMockError('CLOSED', 'the engine is closed; start a new one');
    }
  }

  #createDeployments(): Both<Deployment> {
    const { random, seed, maxSessions, maxQueries, lenientSessions } = this.#options;
    const ids = new IdSource(random ?? seededRandom(seed, 'ids'));
    const shared = new LruMap<true>(maxSessions);
    return both(
      (colour) =>
        new Deployment({
          colour,
          ids,
          maxQueries,
          lenientSessions,
          sessions: lenientSessions ? shared : new LruMap<true>(maxSessions),
          idle: (idle) => this.#switcher.idle(idle),
        }),
    );
  }

  async #startBackend(colour: Colour): Promise<Upstream> {
    const { maxMessageBytes } = this.#options;
    const credentials = new CredentialCheck(this.#options);
    const cluster: UntypedServiceImplementation = { ...clusterHandlers(this.#cluster, credentials) };
    const engine = engineHandlers({
      deployment: this.#deployments[colour],
      sql: this.#sql,
      credentials,
      announced: () => announcedBy(this.#switcher.state, colour),
      accepts: (rpc) => accepts(this.#switcher.state, colour, rpc),
      mismatched: (rpc) => this.#counts.mismatch(rpc, colour),
      authenticated: () => this.#counts.authentication(colour),
      executed: (text) => this.#counts.execution(text),
      truncates: () => this.#dice.truncates('getNextResultBatch', colour),
    });
    const backend = await startGrpcBackend({ engine, cluster, maxMessageBytes });
    this.#backends.push(backend);
    const upstream = new Upstream(backend.port);
    this.#upstreams.push(upstream);
    return upstream;
  }
}

/** A host that a client can use: listening everywhere includes the loopback. */
function clientHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
