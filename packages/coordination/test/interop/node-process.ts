import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../../../../tooling/from-source/flags.js';
import type { CoordinatorOptions } from '../../src/index.js';

const PROGRAM = fileURLToPath(new URL('node-peer.ts', import.meta.url));

export interface NodePeerConfig {
  readonly url: string;
  readonly memberId: string;
  readonly group: string;
  readonly lock: string;
  readonly shared?: boolean;
  readonly lockKeyFormat?: NonNullable<CoordinatorOptions['lockKeyFormat']>;
}

/** A process of its own with a coordinator that has joined, holds a lock and leads; there to be killed. */
export interface NodePeer extends AsyncDisposable {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Resolves when it has all that it was to take. */
export async function startNodePeer(config: NodePeerConfig): Promise<NodePeer> {
  const args = [...FROM_SOURCE, PROGRAM, JSON.stringify(config)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') return { kill, [Symbol.asyncDispose]: kill };
  }
  throw new Error('the Node process ended before it was ready');
}

/** A test run that dies leaves no process behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
