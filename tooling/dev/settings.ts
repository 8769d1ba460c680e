import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { DevError } from './dev-error.js';

/** A port that one of the servers is to have. */
export interface Port {
  readonly server: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The variable that changes it. */
  readonly variable: string;
}

/** What the stack starts with. */
export interface Settings {
  /** Absolute. */
  readonly dataDir: string;
  readonly ports: readonly Port[];
  readonly adminToken: string;
  /** Whether the token was made up now, so that it must be shown. */
  readonly tokenIsNew: boolean;
  /** Ms; of leadership and membership. */
  readonly leaseMs: number;
  /** Port of the first worker's health server; 0: free ones. */
  readonly workerPort: number;
  readonly logLevel: string;
  /** Paths that the environment puts somewhere else than into the data folder, by their variable. */
  readonly elsewhere: Readonly<Record<string, string>>;
  /** For all programs. */
  readonly env: NodeJS.ProcessEnv;
}

const DATA_DIR = '.holdfast';
const LOOPBACK = '127.0.0.1';
const LEASE_MS = 5_000;

/** Reads the environment; what it leaves open gets the default of the local stack. @throws DevError by variable. */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): Settings {
  const dataDir = path.resolve(cwd, env['HOLDFAST_DATA'] || DATA_DIR);
  const known = env['HOLDFAST_ADMIN_TOKEN'] || undefined;
  const adminToken = known ?? randomBytes(16).toString('hex');
  const paths = {
    CLUSTER_DATA: path.resolve(cwd, env['CLUSTER_DATA'] || path.join(dataDir, 'cluster')),
    ENGINE_DATA: path.resolve(cwd, env['ENGINE_DATA'] || path.join(dataDir, 'engine')),
    HOLDFAST_JOURNAL: path.resolve(cwd, env['HOLDFAST_JOURNAL'] || path.join(dataDir, 'journal.db')),
  };
  const cluster = env['CLUSTER_HOST'] || LOOPBACK;
  const engine = env['ENGINE_HOST'] || LOOPBACK;
  return {
    dataDir,
    ports: [
      portOf(env, { server: 'cluster-sim', host: cluster, port: 8080, variable: 'CLUSTER_PORT' }),
      portOf(env, { server: 'engine-mock', host: engine, port: 50_051, variable: 'ENGINE_PORT' }),
      portOf(env, { server: 'engine-mock', host: engine, port: 50_052, variable: 'ENGINE_ADMIN_PORT' }),
    ],
    adminToken,
    tokenIsNew: known === undefined,
    leaseMs: numberOf(env, 'HOLDFAST_LEASE_MS', LEASE_MS, 3_600_000),
    workerPort: numberOf(env, 'HOLDFAST_WORKER_PORT', 0, 65_533),
    logLevel: env['HOLDFAST_LOG_LEVEL'] || 'info',
    elsewhere: Object.fromEntries(Object.entries(paths).filter(([, place]) => !isWithin(dataDir, place))),
    env: {
      ...env,
      ...paths,
      HOLDFAST_DATA: dataDir,
      HOLDFAST_ADMIN_TOKEN: adminToken,
      // Whoever gives the engine another user gives it to the workers as well.
      HOLDFAST_ENGINE_USER: env['HOLDFAST_ENGINE_USER'] || env['ENGINE_USER'] || '',
      HOLDFAST_ENGINE_PASSWORD: env['HOLDFAST_ENGINE_PASSWORD'] || env['ENGINE_PASSWORD'] || '',
    },
  };
}

function portOf(env: NodeJS.ProcessEnv, port: Port): Port {
  return { ...port, port: numberOf(env, port.variable, port.port, 65_535) };
}

function numberOf(env: NodeJS.ProcessEnv, name: string, fallback: number, most: number): number {
  const text = env[name] || String(fallback);
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new DevError(`${name} is ${JSON.stringify(text)}; it must be a whole number from 0 to ${most}`);
}

function isWithin(folder: string, place: string): boolean {
  const way = path.relative(folder, place);
  return way !== '' && !way.startsWith('..') && !path.isAbsolute(way);
}
