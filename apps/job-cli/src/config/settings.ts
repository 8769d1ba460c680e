import path from 'node:path';
import { JobError } from '../job-error.js';
import type { FileConfig } from './config-file.js';
import { envPort } from './host-port.js';
import { parseDurationMs } from './parse-duration.js';
import { checkNodes, type NodeUrls, parseNodes } from './parse-nodes.js';

/** What decides where `job` works, as given on the command line. */
export interface SettingFlags {
  /** `--nodes name=url,…` */
  readonly nodes?: string;
  /** `--journal path` */
  readonly journal?: string;
  /** `--max-server-lag duration` */
  readonly maxServerLag?: string;
}

/** Where `job` works, and who said so. */
export interface Settings {
  readonly nodes: NodeUrls;
  /** Where the nodes come from, for messages. */
  readonly nodesFrom: string;
  /** Absolute path. */
  readonly journal: string;
  readonly journalFrom: string;
  /** Q in ms; null leaves it to the connector (2 s when all nodes are loopback addresses, else 60 s). */
  readonly maxServerLagMs: number | null;
}

const LOCAL_NODES = ['node01', 'node02', 'node03'];
const LOCAL_PORT = 8080;
const LOCAL_DATA = '.holdfast';

/**
 * Decides nodes, journal and Q: command line, then environment, then configuration file, then the local stack.
 *
 * @throws JobError that names the source, its value and the remedy.
 */
export function resolveSettings(
  flags: SettingFlags,
  env: Readonly<Record<string, string | undefined>>,
  { cwd, file }: { readonly cwd: string; readonly file: FileConfig },
): Settings {
  const [nodes, nodesFrom] = decideNodes(flags, env, file.nodes);
  const [journal, journalFrom] = decideJournal(flags, env, file.journal);
  const lag = flags.maxServerLag;
  return Object.freeze({
    nodes,
    nodesFrom,
    journal: path.resolve(cwd, journal),
    journalFrom,
    maxServerLagMs:
      lag === undefined ? (file.maxServerLagMs ?? null) : parseDurationMs(lag, '--max-server-lag'),
  });
}

type Env = Readonly<Record<string, string | undefined>>;

function decideNodes(flags: SettingFlags, env: Env, file: NodeUrls | undefined): [NodeUrls, string] {
  if (flags.nodes !== undefined) return [parseNodes(flags.nodes, '--nodes'), '--nodes'];
  const fromEnv = env['HOLDFAST_NODES'] || undefined;
  if (fromEnv !== undefined) return [parseNodes(fromEnv, 'HOLDFAST_NODES'), 'HOLDFAST_NODES'];
  if (file !== undefined) return [file, 'the configuration file'];
  const url = `http://127.0.0.1:${envPort(env, 'CLUSTER_PORT', LOCAL_PORT)}/v1`;
  return [
    checkNodes(
      LOCAL_NODES.map((name) => [name, url] as const),
      'the local stack',
    ),
    'the default, the local stack',
  ];
}

function decideJournal(flags: SettingFlags, env: Env, file: string | undefined): [string, string] {
  if (flags.journal === '') throw new JobError('USAGE', '--journal is empty; give the path of a file');
  if (flags.journal !== undefined) return [flags.journal, '--journal'];
  const fromEnv = env['HOLDFAST_JOURNAL'] || undefined;
  if (fromEnv !== undefined) return [fromEnv, 'HOLDFAST_JOURNAL'];
  if (file !== undefined) return [file, 'the configuration file'];
  const data = env['HOLDFAST_DATA'] || undefined;
  return [path.join(data ?? LOCAL_DATA, 'journal.db'), data === undefined ? 'the default' : 'HOLDFAST_DATA'];
}
