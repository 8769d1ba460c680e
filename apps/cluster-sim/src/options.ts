import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from './clock.js';
import { ClusterSimError } from './cluster-sim-error.js';
import { type Extension, type ExtensionSet, resolveExtensions } from './extensions.js';
import { type FaultPlan, NO_FAULTS } from './faults/fault-plan.js';
import { parseFaultPlan } from './faults/parse-fault-plan.js';
import { type Logger, silentLogger } from './logger.js';
import type { Random } from './random.js';

/** How a simulated cluster is set up. Everything has a default. */
export interface ClusterSimOptions {
  /** Names of the nodes, 1 to 100, of letters, digits, `_` and `-` (default node01, node02, node03). */
  readonly nodes?: readonly string[] | undefined;
  /** Address to listen on (default 127.0.0.1: reachable from this host only). */
  readonly host?: string | undefined;
  /** Port that all nodes share, 0 to 65535; 0 takes a free one (default 8080). */
  readonly port?: number | undefined;
  /**
   * Whether each node also listens on a port of its own, so that `stopNode` refuses connections to it alone: true
   * takes free ports, a map gives them by name, 0 for a free one (default false).
   */
  readonly nodePorts?: boolean | Readonly<Record<string, number>> | undefined;
  /** Folder of the nodes' databases and of the applied log (default .holdfast/cluster). */
  readonly dataDir?: string | undefined;
  /** Protocol extensions that are on (4.7): `on`, `off` or a list (default on: all of them). */
  readonly extensions?: 'on' | 'off' | readonly Extension[] | undefined;
  /** What goes wrong from the start (default nothing). */
  readonly faults?: FaultPlan | undefined;
  /** Seed of the fault dice; the same seed and requests meet the same faults (default: drawn at the start). */
  readonly seed?: string | number | undefined;
  /** Secret for `/admin`, 8 characters or more (default: env HOLDFAST_ADMIN_TOKEN, else generated). */
  readonly adminToken?: string | undefined;
  /** Largest request body in bytes, 64 to 16 MiB; above it a request gets 413 (default 65,536). */
  readonly maxBodyBytes?: number | undefined;
  /** Longest group id in bytes of UTF-8, 1 to 4,096; above it a request gets 400 (default 1,024). */
  readonly maxIdBytes?: number | undefined;
  /** Size in bytes, from 4,096, at which `applied.log` is set aside and the one before dropped (default 64 MiB). */
  readonly maxLogBytes?: number | undefined;
  /** How long `close` waits for running requests, in ms, 0 to 60,000; then they are cut off (default 2,000). */
  readonly closeTimeoutMs?: number | undefined;
  /** Where to log, pino or console (default: nowhere). Requests are logged one by one at level debug only. */
  readonly logger?: Logger | undefined;
  /** Time (default: the host's). */
  readonly clock?: Clock | undefined;
  /** Chance for all dice in place of the seeded ones (default: dice from `seed`). */
  readonly random?: Random | undefined;
}

/** All options with their defaults filled in and checked. */
export interface ResolvedClusterSimOptions {
  readonly nodes: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Ports by node for its own listener; empty where the nodes only share one. */
  readonly nodePorts: ReadonlyMap<string, number>;
  readonly dataDir: string;
  readonly extensions: ExtensionSet;
  readonly faults: FaultPlan;
  readonly seed: string;
  readonly adminToken: string;
  readonly maxBodyBytes: number;
  readonly maxIdBytes: number;
  readonly maxLogBytes: number;
  readonly closeTimeoutMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random | undefined;
}

export const DEFAULT_NODES: readonly string[] = Object.freeze(['node01', 'node02', 'node03']);
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 8080;
export const DEFAULT_DATA_DIR = '.holdfast/cluster';
export const DEFAULT_MAX_BODY_BYTES = 65_536;
export const DEFAULT_MAX_ID_BYTES = 1_024;
export const DEFAULT_MAX_LOG_BYTES: number = 64 * 1024 * 1024;
export const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;

const MAX_NODES = 100;
const NODE_NAME = /^[A-Za-z0-9_-]{1,63}$/;
const MIN_TOKEN_LENGTH = 8;

/**
 * Fills defaults, checks ranges and freezes. Reads `HOLDFAST_ADMIN_TOKEN` where no token is given.
 *
 * @throws ClusterSimError `INVALID_OPTION` or `INVALID_FAULTS` that names the option, its value and the range.
 */
export function resolveClusterSimOptions(options: ClusterSimOptions = {}): ResolvedClusterSimOptions {
  const nodes = checkNodes(options.nodes ?? DEFAULT_NODES);
  return Object.freeze({
    nodes,
    host: options.host ?? DEFAULT_HOST,
    port: integer('port', options.port ?? DEFAULT_PORT, 0, 65_535),
    nodePorts: resolveNodePorts(options.nodePorts ?? false, nodes),
    dataDir: options.dataDir ?? DEFAULT_DATA_DIR,
    extensions: resolveExtensions(options.extensions ?? 'on'),
    faults: parseFaultPlan(options.faults ?? NO_FAULTS, nodes),
    seed: String(options.seed ?? randomBytes(4).readUInt32LE(0)),
    adminToken: checkToken(options.adminToken ?? (process.env['HOLDFAST_ADMIN_TOKEN'] || generateToken())),
    maxBodyBytes: integer('maxBodyBytes', options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES, 64, 16 * 1024 ** 2),
    maxIdBytes: integer('maxIdBytes', options.maxIdBytes ?? DEFAULT_MAX_ID_BYTES, 1, 4_096),
    maxLogBytes: integer('maxLogBytes', options.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES, 4_096, 1024 ** 4),
    closeTimeoutMs: integer('closeTimeoutMs', options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS, 0, 60_000),
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? systemClock,
    random: options.random,
  });
}

/** A token that nobody guesses, in characters that need no quoting in a shell. */
export function generateToken(): string {
  return randomBytes(24).toString('base64url');
}

function checkNodes(nodes: readonly string[]): readonly string[] {
  if (nodes.length < 1 || nodes.length > MAX_NODES) {
    throw invalid('nodes', `${nodes.length} names`, `1 to ${MAX_NODES} names`);
  }
  for (const name of nodes) {
    if (!NODE_NAME.test(name)) throw invalid('nodes', name, '1 to 63 letters, digits, _ or - each');
  }
  // Databases are files, and some file systems do not tell upper from lower case.
  const distinct = new Set(nodes.map((name) => name.toLowerCase()));
  if (distinct.size < nodes.length) throw invalid('nodes', nodes.join(','), 'different names');
  return Object.freeze([...nodes]);
}

function resolveNodePorts(
  ports: boolean | Readonly<Record<string, number>>,
  nodes: readonly string[],
): ReadonlyMap<string, number> {
  if (ports === false) return new Map();
  if (ports === true) return new Map(nodes.map((name) => [name, 0]));
  return new Map(
    Object.entries(ports).map(([name, port]) => {
      if (!nodes.includes(name)) throw invalid('nodePorts', name, `a node of ${nodes.join(', ')}`);
      return [name, integer(`nodePorts.${name}`, port, 0, 65_535)];
    }),
  );
}

function checkToken(token: string): string {
  if (!/^[!-~]+$/.test(token) || token.length < MIN_TOKEN_LENGTH) {
    // The value is a secret and stays out of the message.
    throw new ClusterSimError(
      'INVALID_OPTION',
      `adminToken (HOLDFAST_ADMIN_TOKEN) must be at least ${MIN_TOKEN_LENGTH} printable characters without blanks`,
    );
  }
  return token;
}

function integer(name: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, value, `a whole number from ${min} to ${max}`);
  }
  return value;
}

function invalid(name: string, value: unknown, range: string): ClusterSimError {
  return new ClusterSimError('INVALID_OPTION', `${name} is ${String(value)}; it must be ${range}`);
}
