import { join } from 'node:path';
import { appEntry } from '../harness/entries.js';
import type { Scratch } from '../harness/scratch.js';
import { type ServerProcess, startServer } from './server-process.js';

export interface ClusterOptions {
  readonly scratch: Scratch;
  readonly extensions: 'on' | 'off';
  /** Chance of a node's own error before the work, 0 to 1. */
  readonly faultRate: number;
  /** Chance that the work is done and its reply is lost, 0 to 1. Default 0. */
  readonly lostReplyRate?: number;
  /** What every request waits, ms. Default 0. */
  readonly delayMs?: number;
  /** 1 to 99. Default 3. */
  readonly nodeCount?: number;
  readonly signal: AbortSignal;
}

/** A running cluster-sim, its nodes behind one port. */
export interface Cluster extends ServerProcess {
  /** As `openConnector` takes them. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Where its code came from. */
  readonly shown: string;
}

const NODE_COUNT = 3;

/** Starts cluster-sim as in production: log at level info into a file, metrics and the applied log on. */
export async function startCluster(o: ClusterOptions): Promise<Cluster> {
  const { args, shown } = await appEntry('cluster-sim');
  const folder = await o.scratch.folder(`cluster-${o.extensions}-${o.faultRate}`);
  const names = Array.from({ length: o.nodeCount ?? NODE_COUNT }, (_, n) => nodeName(n + 1));
  const flags = {
    port: '0',
    data: join(folder, 'data'),
    nodes: names.join(','),
    extensions: o.extensions,
    'random-behavior': String(o.faultRate),
    faults: JSON.stringify(faultsOf(o)),
  };
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const logFile = join(folder, 'cluster.log');
  const server = await startServer({ args: [...args, ...given], logFile, signal: o.signal });
  const nodes = Object.fromEntries(names.map((name) => [name, `${server.url}/v1`]));
  return { ...server, nodes, shown };
}

function faultsOf({ lostReplyRate = 0, delayMs = 0 }: ClusterOptions): object {
  return {
    ...(lostReplyRate > 0 ? { lostReply: lostReplyRate } : {}),
    ...(delayMs > 0 ? { delay: { rate: 1, minMs: delayMs, maxMs: delayMs } } : {}),
  };
}

/** As its own documentation has them: `node01`. */
function nodeName(number: number): string {
  return `node${String(number).padStart(2, '0')}`;
}
