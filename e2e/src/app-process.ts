import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../tooling/from-source/flags.js';
import { notePid } from './resources.js';

/** Root of the repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** How a process ended. */
export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AppOptions {
  /** Path of the program from the root of the repository; `.ts` runs from the sources, `.js` as it stands. */
  readonly program: string;
  readonly args?: readonly string[];
  /** Added to the environment, from which all settings of the project are taken out first. */
  readonly env?: Readonly<Record<string, string>>;
  /** Opens a channel for messages (default false). */
  readonly ipc?: boolean;
}

const SETTINGS =
  /^(CLUSTER_|COORDINATION_|ENGINE_|HOLDFAST_|RANDOM_BEH|NODE_OPTIONS|NO_COLOR|FORCE_COLOR|VITEST)/;
/** How often a state of the operating system, which sends no event, is looked at, in ms. */
const LOOK_EVERY_MS = 5;

/** A real process of one program. It is killed, if nothing else has ended it, when the test is over. */
export class AppProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when the process is gone and all of its output has been read. */
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  #over = false;

  constructor(o: AppOptions) {
    const clean = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
    const loader = o.program.endsWith('.ts') ? FROM_SOURCE : [];
    const stdio: StdioOptions = o.ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'];
    this.child = spawn(process.execPath, [...loader, `${ROOT}/${o.program}`, ...(o.args ?? [])], {
      cwd: ROOT,
      env: { ...Object.fromEntries(clean), NO_COLOR: '1', ...o.env },
      stdio,
    });
    if (this.child.pid === undefined) throw new Error(`${o.program} could not be started`);
    this.pid = this.child.pid;
    notePid(this.pid);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.#over = true;
      return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
    });
    onTestFinished(async () => void (await this.end('SIGKILL')));
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Whether the process is gone. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends a signal to this process and to no other. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended> {
    this.signal(signal);
    return this.ended;
  }

  /** Resolves as soon as `seen` holds of the output so far, or with false when the process ended without it. */
  async says(
    seen: (output: { readonly stdout: string; readonly stderr: string }) => boolean,
  ): Promise<boolean> {
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error('the process has no output');
    while (!seen(this)) {
      if (this.#over) return false;
      const enough = new AbortController();
      const more = [stdout, stderr].map((stream) =>
        once(stream, 'data', { signal: enough.signal }).catch(() => {}),
      );
      await Promise.race([...more, this.ended]);
      enough.abort();
    }
    return true;
  }

  /** Resolves when the process is stopped, as by SIGSTOP. */
  async stopped(): Promise<void> {
    // The state is the field behind the name of the program, which stands in brackets and may hold anything.
    const state = (): string =>
      readFileSync(`/proc/${this.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .charAt(0);
    while (state() !== 'T') await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
