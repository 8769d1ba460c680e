import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BenchError } from '../harness/bench-error.js';
import { childEnv } from '../harness/child-env.js';
import type { Scratch } from '../harness/scratch.js';
import { stopChild } from '../harness/stop-child.js';
import type { ServerProcess } from './server-process.js';

/** A real etcd of one member, which writes to the scratch folder's disk as it always does. */
export interface EtcdProcess extends ServerProcess {
  /** As it says itself: `3.4.23`. */
  readonly version: string;
}

const ANY_PORT = 'http://127.0.0.1:0';
/** etcd grants no lease under one and a half election timeouts; ours are to be compared with leases of one second. */
const TIMES_MS = { heartbeat: 50, election: 500 };
const SERVES = /serving client traffic.*"address":"([\d.]+:\d+)"/;

/** Starts an etcd on free loopback ports; null where none is installed. Throws `CHILD_FAILED`. */
export async function startEtcd(o: {
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}): Promise<EtcdProcess | null> {
  o.signal.throwIfAborted();
  const flags = {
    'data-dir': join(await o.scratch.folder('etcd'), 'data'),
    logger: 'zap',
    'heartbeat-interval': TIMES_MS.heartbeat,
    'election-timeout': TIMES_MS.election,
    'enable-grpc-gateway': false,
    'listen-client-urls': ANY_PORT,
    'advertise-client-urls': ANY_PORT,
    'listen-peer-urls': ANY_PORT,
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = spawn('etcd', args, { env: childEnv(), stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await once(child, 'spawn');
  } catch {
    return null;
  }
  const said = await untilServing(child.stderr);
  const address = SERVES.exec(said.at(-1) ?? '')?.[1];
  const { pid } = child;
  if (address === undefined || pid === undefined) {
    await stopChild(child);
    throw new BenchError('CHILD_FAILED', `etcd did not start: ${said.at(-1) ?? 'it ended without a word'}`);
  }
  const version = /"etcd-version":"([\d.]+)/.exec(said.join('\n'))?.[1] ?? 'of unknown version';
  return { url: `http://${address}`, pid, version, [Symbol.asyncDispose]: () => stopChild(child) };
}

/** All that it said until it serves, or until its end. */
async function untilServing(output: Readable): Promise<string[]> {
  const said: string[] = [];
  for await (const line of createInterface({ input: output })) {
    said.push(line);
    if (SERVES.test(line)) break;
  }
  // Leaving the loop paused it; what etcd says later would fill the pipe, and etcd would stand still in the middle of a line.
  output.resume();
  return said;
}
