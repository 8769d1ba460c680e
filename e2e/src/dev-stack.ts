import { AppProcess, type Ended } from './app-process.js';
import { BUILT } from './built.js';
import { now } from './coordination/now.js';
import { isAlive, notePid } from './resources.js';

const LAUNCHER = 'tooling/dev/main.ts';
/** The last line of the banner. */
const READY = /^Ctrl-C ends everything/m;
/** A worker's log line, with its name. */
const ELECTED = /^(worker-\d) +\| \S+ elected /gm;

/** Where the servers of a stack listen, as variables. */
export interface DevPorts {
  readonly CLUSTER_PORT: string;
  readonly ENGINE_PORT: string;
  readonly ENGINE_ADMIN_PORT: string;
}

const FREE: DevPorts = { CLUSTER_PORT: '0', ENGINE_PORT: '0', ENGINE_ADMIN_PORT: '0' };

/** How a stack differs from the usual. */
export interface DevOptions {
  readonly ports?: DevPorts;
  /** For all its programs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole stack as `pnpm dev` starts it, without the build before it. */
export class DevStack {
  readonly app: AppProcess;
  readonly dataDir: string;
  readonly ports: DevPorts;
  readonly banner: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(app: AppProcess, dataDir: string, env: Readonly<Record<string, string>>) {
    this.app = app;
    this.dataDir = dataDir;
    this.#env = env;
    this.banner = app.stdout.slice(app.stdout.indexOf('Holdfast is running'));
    const find = (pattern: RegExp): string => pattern.exec(this.banner)?.[1] ?? '';
    this.ports = {
      CLUSTER_PORT: find(/^ {2}cluster +http:\S+:(\d+)\/v1/m),
      ENGINE_PORT: find(/^ {2}engine +\S+:(\d+) \(gRPC\)/m),
      ENGINE_ADMIN_PORT: find(/ admin http:\S+:(\d+)\/state/m),
    };
    for (const pid of this.pids) notePid(pid);
  }

  /** The launcher alone, ready or not. */
  static launch(env: Readonly<Record<string, string>>, ...args: readonly string[]): AppProcess {
    return new AppProcess({ program: LAUNCHER, args, env });
  }

  /** Starts the stack and resolves with its banner. */
  static async start(dataDir: string, { ports = FREE, env = {} }: DevOptions = {}): Promise<DevStack> {
    const app = DevStack.launch({ HOLDFAST_DATA: dataDir, RANDOM_BEHAVIOR: '0', ...ports, ...env });
    if (await app.says(({ stdout }) => READY.test(stdout))) return new DevStack(app, dataDir, env);
    throw new Error(`the stack did not start:\n${app.stdout}\n${app.stderr}`);
  }

  /** What a second terminal has to know. */
  get env(): Readonly<Record<string, string>> {
    return { ...this.#env, HOLDFAST_DATA: this.dataDir, ...this.ports };
  }

  /** Of the programs that run now: servers and workers. */
  get pids(): readonly number[] {
    const told = this.app.stdout.matchAll(/^ {2}\S.* pid (\d+)| runs again \(pid (\d+)\)$/gm);
    return [...told].map(([, first, again]) => Number(first ?? again)).filter(isAlive);
  }

  get clusterPid(): number {
    return Number(/^ {2}cluster .* pid (\d+)/m.exec(this.banner)?.[1]);
  }

  /** Of the worker that said last that it was elected. */
  get leaderPid(): number {
    const { stdout } = this.app;
    const leader = [...stdout.matchAll(ELECTED)].at(-1)?.[1] ?? '';
    const places = stdout.matchAll(new RegExp(`(?:^ {2}| )${leader} .*\\(?\\bpid (\\d+)`, 'gm'));
    return Number([...places].at(-1)?.[1]);
  }

  /** Resolves with the time (CLOCK_MONOTONIC, ms) at which one more worker than now has said that it was elected. */
  async nextElected(): Promise<number> {
    const count = (stdout: string): number => [...stdout.matchAll(ELECTED)].length;
    const before = count(this.app.stdout);
    if (await this.app.says(({ stdout }) => count(stdout) > before)) return now();
    throw new Error(`the stack has ended:\n${this.app.stdout}\n${this.app.stderr}`);
  }

  /** How many records each node holds, as the cluster says. */
  async counts(): Promise<unknown> {
    const { stdout } = await this.job('stats');
    return JSON.parse(stdout);
  }

  /** Starts the built `job` on this stack. */
  startJob(...args: readonly string[]): AppProcess {
    return new AppProcess({ program: BUILT.jobCli, args, env: this.env });
  }

  /** Runs the built `job` on this stack to its end. */
  job(...args: readonly string[]): Promise<Ended> {
    return this.startJob(...args).ended;
  }
}
