import { join } from 'node:path';
import { appEntry } from '../harness/entries.js';
import type { Scratch } from '../harness/scratch.js';
import { type ServerProcess, startServer } from './server-process.js';

export interface ClusterOptions {
  readonly scratch: Scratch;
  readonly extensions: 'on' | 'off';
  /** Chance of a node's own error before the work, 0 to 1. */
  readonly faultRate: number;
  readonly signal: AbortSignal;
}

/** A running cluster-sim with three nodes behind one port. */
export interface Cluster extends ServerProcess {
  /** As `openConnector` takes them. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Where its code came from. */
  readonly shown: string;
}

const NODES = ['node01', 'node02', 'node03'];

/** Starts cluster-sim as in production: log at level info into a file, metrics and the applied log on. */
export async function startCluster(o: ClusterOptions): Promise<Cluster> {
  const { args, shown } = await appEntry('cluster-sim');
  const folder = await o.scratch.folder(`cluster-${o.extensions}-${o.faultRate}`);
  const flags = {
    port: '0',
    data: join(folder, 'data'),
    extensions: o.extensions,
    'random-behavior': String(o.faultRate),
  };
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const logFile = join(folder, 'cluster.log');
  const server = await startServer({ args: [...args, ...given], logFile, signal: o.signal });
  const nodes = Object.fromEntries(NODES.map((name) => [name, `${server.url}/v1`]));
  return { ...server, nodes, shown };
}
