import path from 'node:path';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '@holdfast/cluster-sim';
import { onTestFinished } from 'vitest';
import { type ExitCode, type JobIo, runJob } from '../../src/index.js';
import { Captured } from './captured.js';
import { scratchFolder } from './scratch.js';

/** How one command ended. */
export interface Ran {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A cluster, a folder of its own, and the command that works on them in this process. */
export interface World {
  readonly sim: ClusterSim;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  job(...argv: readonly string[]): Promise<Ran>;
  jobWith(io: Partial<JobIo>, ...argv: readonly string[]): Promise<Ran>;
}

/** Starts a simulated cluster that is gone after the test; the journal lies in the folder, unless a test moves it. */
export async function startWorld(options: ClusterSimOptions = {}): Promise<World> {
  const folder = await scratchFolder();
  const sim = await startClusterSim({ port: 0, dataDir: path.join(folder, 'cluster'), seed: 7, ...options });
  onTestFinished(() => sim.close());
  const env = envOf(sim.nodes, folder);
  const jobWith: World['jobWith'] = (io, ...argv) => runCaptured(argv, { env, cwd: folder, ...io });
  return { sim, folder, env, jobWith, job: (...argv) => jobWith({}, ...argv) };
}

/** The environment that leads `job` to these nodes and to a journal in this folder. */
export function envOf(
  nodes: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(nodes).map(([name, url]) => `${name}=${url}`);
  return { HOLDFAST_NODES: pairs.join(','), HOLDFAST_DATA: path.join(folder, 'data') };
}

/** Runs one command in this process and keeps what it says. */
export async function runCaptured(argv: readonly string[], io: Partial<JobIo>): Promise<Ran> {
  const stdout = new Captured();
  const stderr = new Captured();
  const exitCode = await runJob(argv, { stdout, stderr, stdin: nothing(), ...io });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** The JSON lines of a text; throws where a line is none. */
export function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${line}`);
      return { ...value };
    });
}

async function* nothing(): AsyncGenerator<string> {}
