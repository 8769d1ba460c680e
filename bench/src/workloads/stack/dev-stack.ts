import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COMPILED } from '../../../../tooling/from-source/flags.js';
import { BenchError } from '../../harness/bench-error.js';
import { childEnv } from '../../harness/child-env.js';
import { nowMs } from '../../harness/clock.js';
import { ROOT } from '../../harness/entries.js';
import type { Scratch } from '../../harness/scratch.js';
import { stopChild } from '../../harness/stop-child.js';

/** Where the workers coordinate. */
export type Backend = 'sqlite' | 'redis';

export interface StackOptions {
  readonly scratch: Scratch;
  readonly backend: Backend;
  /** Undefined: the embedded SQLite file. */
  readonly coordinationUrl?: string | undefined;
  readonly leaseMs: number;
  readonly signal: AbortSignal;
}

/** The last line of the launcher's banner. */
const READY = /^Ctrl-C ends everything/;
const PLACE = /^ {2}(cluster|engine|worker-\d) +(\S+).* pid (\d+)/;
const LEADS = / pid \d+ +leads$/;
const AGAIN = /^dev +\| \S+ (worker-\d) runs again \(pid (\d+)\)$/;
const DIED = /^dev +\| \S+ (worker-\d) \(pid \d+\) /;
const ELECTED = /^(worker-\d) +\| \S+ elected\b/;
const JOINED = /^(worker-\d) +\| \S+ joined; standing for election\b/;
/** Lines kept to tell why it did not start. */
const KEPT_LINES = 20;
const SERVERS: ReadonlySet<string> = new Set(['cluster', 'engine']);

/**
 * The whole stack as `pnpm dev` starts it: cluster-sim, engine-mock and three workers, each a process of its own, on free
 * ports, without faults. Who leads and who runs is read from what the launcher says, which is some ms late.
 */
export class DevStack implements AsyncDisposable {
  readonly backend: Backend;
  /** Of all its files. */
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #signal: AbortSignal;
  readonly #pids = new Map<string, number>();
  readonly #candidates = new Set<string>();
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  #cluster = '';
  #engine = '';
  #leader: { readonly name: string; readonly atMs: number } | null = null;
  #ready = false;
  #over = false;

  private constructor(child: ChildProcess, dataDir: string, o: StackOptions) {
    this.#child = child;
    this.#signal = o.signal;
    this.dataDir = dataDir;
    this.backend = o.backend;
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line));
    if (child.stderr !== null)
      createInterface({ input: child.stderr }).on('line', (line) => this.#hear(line));
    child.once('close', () => {
      this.#over = true;
      this.#tell();
    });
  }

  /** Resolves when there is a leader. Throws `CHILD_FAILED`. */
  static async start(o: StackOptions): Promise<DevStack> {
    o.signal.throwIfAborted();
    const dataDir = join(await o.scratch.folder(`stack-${o.backend}`), 'data');
    const env = {
      ...childEnv(),
      HOLDFAST_DATA: dataDir,
      HOLDFAST_LEASE_MS: String(o.leaseMs),
      ...(o.coordinationUrl === undefined ? {} : { COORDINATION_URL: o.coordinationUrl }),
      RANDOM_BEHAVIOR: '0',
      CLUSTER_PORT: '0',
      ENGINE_PORT: '0',
      ENGINE_ADMIN_PORT: '0',
    };
    const child = spawn(process.execPath, [...COMPILED, join(ROOT, 'tooling/dev/main.ts')], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    const stack = new DevStack(child, dataDir, o);
    try {
      await stack.#until(() => stack.#ready && stack.#candidates.size === stack.#workers.length);
      return stack;
    } catch (error) {
      await stopChild(child);
      throw error;
    }
  }

  /** Base URL of the cluster, with its `/v1`. */
  get cluster(): string {
    return this.#cluster;
  }

  /** What `job` has to know. */
  get env(): NodeJS.ProcessEnv {
    return { ...childEnv(), HOLDFAST_DATA: this.dataDir, HOLDFAST_ENGINE: this.#engine };
  }

  /** Of the programs that run now: both servers and the workers, not the launcher. */
  get pids(): readonly number[] {
    return [...this.#pids.values()];
  }

  /**
   * Sends a signal to the leader, once another worker waits to follow it.
   *
   * @returns ms from then until another one says that it is elected.
   */
  async end(how: 'SIGKILL' | 'SIGTERM'): Promise<number> {
    await this.#until(() => this.#leader !== null && this.#candidates.size > 1);
    const old = this.#leader?.name ?? '';
    const pid = this.#pids.get(old);
    if (pid === undefined) throw new BenchError('WRONG_REPLY', `the leader ${old} has no process`);
    const begunAt = nowMs();
    process.kill(pid, how);
    await this.#until(() => this.#leader !== null && this.#leader.atMs > begunAt);
    return (this.#leader?.atMs ?? Number.NaN) - begunAt;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return stopChild(this.#child);
  }

  get #workers(): readonly string[] {
    return [...this.#pids.keys()].filter((name) => !SERVERS.has(name));
  }

  #hear(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    const [, name = '', where = '', pid] = PLACE.exec(line) ?? [];
    if (pid !== undefined) {
      this.#pids.set(name, Number(pid));
      if (name === 'cluster') this.#cluster = where;
      if (name === 'engine') this.#engine = where;
      if (LEADS.test(line)) this.#leader = { name, atMs: nowMs() };
    }
    const [, again, newPid] = AGAIN.exec(line) ?? [];
    if (again !== undefined) this.#pids.set(again, Number(newPid));
    const died = DIED.exec(line)?.[1];
    if (died !== undefined) {
      this.#pids.delete(died);
      this.#candidates.delete(died);
    }
    const joined = JOINED.exec(line)?.[1];
    if (joined !== undefined) this.#candidates.add(joined);
    const elected = ELECTED.exec(line)?.[1];
    if (elected !== undefined) this.#leader = { name: elected, atMs: nowMs() };
    if (READY.test(line)) this.#ready = true;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  async #until(fits: () => boolean): Promise<void> {
    let listener = (): void => {};
    let onAbort = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        listener = () => {
          if (fits()) resolve();
          else if (this.#over)
            reject(new BenchError('CHILD_FAILED', `the stack ended:\n${this.#lines.join('\n')}`));
        };
        onAbort = () => reject(this.#signal.reason);
        this.#signal.throwIfAborted();
        this.#signal.addEventListener('abort', onAbort, { once: true });
        this.#listeners.add(listener);
        listener();
      });
    } finally {
      this.#listeners.delete(listener);
      this.#signal.removeEventListener('abort', onAbort);
    }
  }
}
