import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { childEnv } from '../../harness/child-env.js';
import { nowMs } from '../../harness/clock.js';
import type { Entry } from '../../harness/entries.js';

export interface JobOrder {
  readonly entry: Entry;
  /** Of `job`. */
  readonly args: readonly string[];
  readonly nodes: Readonly<Record<string, string>>;
  readonly journal: string;
  /** Where it runs; without a configuration file. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface JobRun {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly exitCode: number | null;
  /** The last of it, where that tells why it failed. */
  readonly stderr: string;
}

const KEPT_CHARACTERS = 2_000;

/** Runs `job` once as a process of its own. */
export async function runJob(o: JobOrder): Promise<JobRun> {
  const nodes = Object.entries(o.nodes).map(([name, url]) => `${name}=${url}`);
  const env = { ...childEnv(), HOLDFAST_NODES: nodes.join(','), HOLDFAST_JOURNAL: o.journal };
  const startedAt = nowMs();
  const child = spawn(process.execPath, [...o.entry.args, ...o.args], {
    cwd: o.folder,
    env,
    signal: o.signal,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_CHARACTERS);
  });
  await once(child, 'close');
  return { seconds: (nowMs() - startedAt) / 1000, exitCode: child.exitCode, stderr };
}
