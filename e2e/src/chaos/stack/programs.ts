import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Child, type Ended, howEnded } from '../../../../tooling/dev/child.js';
import type { Mutation } from '../history/history.js';
import type { Recorder } from '../recorder.js';
import { troubleIn } from './trouble.js';

/** Settings of the project that the shell may have; the stack gets its own. */
const SETTINGS =
  /^(CLUSTER_|COORDINATION_|ENGINE_|HOLDFAST_|RANDOM_BEH|NODE_OPTIONS|NO_COLOR|FORCE_COLOR|npm_)/;
/** Ms that a program gets to end in good order; more than its own bound. */
const STOP_MS = 25_000;

export interface ProgramOptions {
  /** In the logs and in what is told of it. */
  readonly name: string;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** A command, which ends when it is done; the end of anything else must have been asked for (default false). */
  readonly isCommand?: boolean;
  /** Runs TypeScript (default false). */
  readonly isSource?: boolean;
}

/** One process of the stack. */
export class Program {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly #child: Child;
  /** Whether it was asked to end. */
  isToEnd: boolean;

  constructor(child: Child, isCommand: boolean) {
    this.#child = child;
    this.name = child.name;
    this.pid = child.pid;
    this.ended = child.ended;
    this.isToEnd = isCommand;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.isToEnd = true;
    this.#child.kill();
    await this.ended;
  }

  /** SIGSTOP or SIGCONT. */
  pause(isOn: boolean): void {
    process.kill(this.pid, isOn ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Asks it to end, and waits; what does not end in time is killed. */
  async stop(): Promise<Ended> {
    this.isToEnd = true;
    await this.#child.stop(STOP_MS);
    return this.ended;
  }
}

/** Starts the processes of the stack, keeps their output, and notes what they must not say or do. */
export class Programs {
  readonly #folder: string;
  readonly #recorder: Recorder;
  readonly #mutation: Mutation | null;
  readonly #running = new Set<Program>();
  readonly #pids = new Map<number, string>();
  #isOver = false;

  /** @param o.folder that the logs go to. */
  constructor(o: {
    readonly folder: string;
    readonly recorder: Recorder;
    readonly mutation: Mutation | null;
  }) {
    this.#folder = o.folder;
    this.#recorder = o.recorder;
    this.#mutation = o.mutation;
    mkdirSync(this.#folder, { recursive: true });
  }

  /** @throws Error once all have been ended. */
  start(o: ProgramOptions): Program {
    if (this.#isOver) throw new Error(`${o.name} is not started any more`);
    const { name, program, args, onLine = () => {}, isCommand = false } = o;
    const child = new Child({
      name,
      program,
      args,
      env: this.#env(o),
      orphanDelayMs: 0,
      onLine: (line, stream) => {
        appendFileSync(path.join(this.#folder, `${name}.log`), `${line}\n`);
        const trouble = troubleIn(line);
        if (trouble !== null) this.#trouble(name, trouble);
        onLine(line, stream);
      },
    });
    const started = new Program(child, isCommand);
    this.#running.add(started);
    this.#pids.set(child.pid, name);
    void child.ended.then((ended) => {
      this.#running.delete(started);
      if (!started.isToEnd) this.#trouble(name, howEnded(ended));
      else if (!isCommand && ended.code !== 0 && ended.signal !== 'SIGKILL')
        this.#trouble(name, `asked to end, it ${howEnded(ended)}`);
    });
    return started;
  }

  /** Those that were ever started and live, as `name (pid)`. */
  living(): readonly string[] {
    return [...this.#pids].flatMap(([pid, name]) => (isAlive(pid) ? [`${name} (pid ${pid})`] : []));
  }

  /** Ends all that still runs at once, for good; resolves when all are gone. */
  async killAll(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#running].map((program) => program.kill()));
  }

  #trouble(source: string, text: string): void {
    this.#recorder.add({ type: 'trouble', at: this.#recorder.now(), source, text });
  }

  #env({ env = {}, isSource = false }: ProgramOptions): NodeJS.ProcessEnv {
    const clean = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
    const loaders = [
      ...(isSource ? [import.meta.resolve('tsx')] : []),
      ...(this.#mutation === null
        ? []
        : [new URL(`../mutations/load.mjs?mutation=${this.#mutation}`, import.meta.url).href]),
    ];
    return {
      ...Object.fromEntries(clean),
      NO_COLOR: '1',
      ...(loaders.length > 0 && { NODE_OPTIONS: loaders.map((url) => `--import ${url}`).join(' ') }),
      ...env,
    };
  }
}

/** Whether a process runs; one that has ended and that nobody has asked about yet is not listed here. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
