import { ClusterSimError } from '../cluster-sim-error.js';
import { EXTENSIONS, type Extension, resolveExtensions } from '../extensions.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import { type ClusterSimOptions, generateToken } from '../options.js';
import { type ConfigFile, readConfigFile } from './config-file.js';

/** The flags as commander gives them: text, or true for a flag without a value. */
export interface Flags {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly nodes?: string;
  readonly nodePorts?: string | boolean;
  readonly extensions?: string;
  readonly randomBehavior?: string;
  readonly faults?: string;
  readonly seed?: string;
  readonly maxBodyBytes?: string;
  readonly maxIdBytes?: string;
  readonly config?: string;
  readonly logLevel?: string;
  readonly welcome?: boolean;
}

/** What the app starts with. */
export interface Settings {
  readonly options: ClusterSimOptions;
  readonly logLevel: string;
  readonly welcome: boolean;
  /** Whether the admin token was made up now, so that it must be shown. */
  readonly tokenIsNew: boolean;
}

/** Fault rate of the app where nothing else is said: that of the origin. */
export const DEFAULT_RANDOM_BEHAVIOR = 0.2;

const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * Brings flags, environment and config file together: a flag wins over the environment, that over the file.
 *
 * @throws ClusterSimError `INVALID_OPTION` that names the flag or variable.
 */
export function readSettings(flags: Flags, env: NodeJS.ProcessEnv): Settings {
  const file = flags.config === undefined ? {} : readConfigFile(flags.config);
  const welcome = flags.welcome ?? false;
  const known = env['HOLDFAST_ADMIN_TOKEN'] || file.adminToken;
  const nodePorts = readNodePorts(flags.nodePorts) ?? file.nodePorts;
  const options = {
    ...file,
    nodes: flags.nodes === undefined ? file.nodes : flags.nodes.split(',').map((name) => name.trim()),
    host: flags.host ?? (env['CLUSTER_HOST'] || file.host),
    port: readNumber('--port (CLUSTER_PORT)', flags.port ?? env['CLUSTER_PORT']) ?? file.port,
    nodePorts,
    dataDir: flags.data ?? (env['CLUSTER_DATA'] || file.dataDir),
    extensions: readExtensions(flags.extensions ?? env['CLUSTER_EXTENSIONS']) ?? file.extensions,
    faults: readFaults(flags, env, file),
    seed: flags.seed ?? file.seed,
    adminToken: known ?? generateToken(),
    maxBodyBytes: readNumber('--max-body-bytes', flags.maxBodyBytes) ?? file.maxBodyBytes,
    maxIdBytes: readNumber('--max-id-bytes', flags.maxIdBytes) ?? file.maxIdBytes,
  };
  return { options, welcome, logLevel: readLogLevel(flags, file, welcome), tokenIsNew: known === undefined };
}

function readFaults(flags: Flags, env: NodeJS.ProcessEnv, file: ConfigFile): FaultPlan {
  const rate = readNumber(
    '--random-behavior (RANDOM_BEHAVIOR)',
    flags.randomBehavior ?? env['RANDOM_BEHAVIOR'],
  );
  const given = flags.faults === undefined ? file.faults : parsePlan(flags.faults);
  const plan = given ?? { errorBefore: DEFAULT_RANDOM_BEHAVIOR };
  return rate === undefined ? plan : { ...plan, errorBefore: rate };
}

/** The plan is checked when the cluster starts; here it only has to be JSON. */
function parsePlan(text: string): FaultPlan {
  try {
    return JSON.parse(text) as FaultPlan;
  } catch (cause) {
    throw new ClusterSimError('INVALID_OPTION', `--faults is no JSON: ${String(cause)}`, { cause });
  }
}

function readExtensions(text: string | undefined): readonly Extension[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const set = resolveExtensions(text);
  return EXTENSIONS.filter((name) => set[name]);
}

/** `true` for a free port each, or `node01=8081,node02=8082`. */
function readNodePorts(value: string | boolean | undefined): ClusterSimOptions['nodePorts'] {
  if (value === undefined || typeof value === 'boolean') return value;
  const ports = value.split(',').map((pair) => {
    const [name = '', port] = pair.split('=');
    return [name.trim(), readNumber(`--node-ports ${name}`, port) ?? Number.NaN] as const;
  });
  return Object.fromEntries(ports);
}

function readLogLevel(flags: Flags, file: ConfigFile, welcome: boolean): string {
  const level = flags.logLevel ?? file.logLevel ?? (welcome ? 'warn' : 'info');
  if (LOG_LEVELS.includes(level)) return level;
  throw new ClusterSimError(
    'INVALID_OPTION',
    `--log-level is ${level}; it must be one of ${LOG_LEVELS.join(', ')}`,
  );
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  if (Number.isNaN(value))
    throw new ClusterSimError('INVALID_OPTION', `${name} is '${text}'; it must be a number`);
  return value;
}
