import path from 'node:path';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '@holdfast/cluster-sim';
import { type EngineMock, type EngineMockOptions, startEngineMock } from '@holdfast/engine-mock';
import { onTestFinished } from 'vitest';
import type { ExitCode, JobIo } from '../../src/index.js';
import { runJob } from '../../src/index.js';
import { Captured } from './captured.js';
import { scratchFolder } from './scratch.js';
import { envOf, jsonLines, type Ran, runCaptured } from './world.js';

/** Cluster, engine, a folder, and the command that works on them in this process. */
export interface Stack {
  readonly sim: ClusterSim;
  readonly engine: EngineMock;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  job(...argv: readonly string[]): Promise<Ran>;
  jobWith(io: Partial<JobIo>, ...argv: readonly string[]): Promise<Ran>;
  /** Starts `job work`; stopped at the end of the test, if it was not before. */
  work(env?: Readonly<Record<string, string>>, ...argv: readonly string[]): RunningWorker;
  /** Resolves with the group's status as soon as it is as asked for. */
  until(wish: (status: Status) => boolean): Promise<Status>;
}

/** A worker in this process. */
export interface RunningWorker {
  readonly stdout: Captured;
  readonly stderr: Captured;
  readonly ended: Promise<ExitCode>;
  /** As SIGTERM does. */
  stop(): Promise<ExitCode>;
}

/** What `job status --json` prints. */
export type Status = Readonly<Record<string, unknown>> & {
  readonly converged: boolean;
  readonly term: Readonly<Record<string, unknown>> | null;
  readonly leader: Readonly<Record<string, unknown>> | null;
  readonly workers: readonly Readonly<Record<string, unknown>>[];
};

/** Starts a stack that is gone after the test. Runs are frequent, leases short. */
export async function startStack(
  o: { readonly sim?: ClusterSimOptions; readonly engine?: EngineMockOptions } = {},
): Promise<Stack> {
  const folder = await scratchFolder();
  const sim = await startClusterSim({ port: 0, dataDir: path.join(folder, 'cluster'), seed: 7, ...o.sim });
  onTestFinished(() => sim.close());
  const engine = await startEngineMock({
    port: 0,
    adminPort: 0,
    seed: 7,
    dataDir: path.join(folder, 'engine'),
    ...o.engine,
  });
  onTestFinished(() => engine.close());
  const env = {
    ...envOf(sim.nodes, folder),
    HOLDFAST_ENGINE: engine.address,
    HOLDFAST_ENGINE_ADMIN: new URL(engine.adminUrl ?? 'http://x:1').host,
    HOLDFAST_ADMIN_TOKEN: engine.adminToken,
    HOLDFAST_INTERVAL_MS: '50',
    HOLDFAST_LEASE_MS: '1000',
  };
  const jobWith: Stack['jobWith'] = (io, ...argv) => runCaptured(argv, { env, cwd: folder, ...io });
  return {
    ...{ sim, engine, folder, env, jobWith },
    job: (...argv) => jobWith({}, ...argv),
    work: (more = {}, ...argv) => startWorker(['work', ...argv], { env: { ...env, ...more }, cwd: folder }),
    until: (wish) => untilStatus(() => jobWith({}, 'status', '--json'), wish),
  };
}

function startWorker(argv: readonly string[], io: Partial<JobIo>): RunningWorker {
  const stdout = new Captured();
  const stderr = new Captured();
  const stopping = new AbortController();
  const ended = runJob(argv, { stdout, stderr, signal: stopping.signal, ...io });
  const stop = (): Promise<ExitCode> => {
    stopping.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  return { stdout, stderr, ended, stop };
}

/** Asks again and again: what is waited for is in other hands, and the test's own bound ends it. */
async function untilStatus(ask: () => Promise<Ran>, wish: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    const { stdout } = await ask();
    const line = jsonLines(stdout)[0];
    if (isStatus(line) && wish(line)) return line;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isStatus(line: Readonly<Record<string, unknown>> | undefined): line is Status {
  return line?.['type'] === 'status';
}
