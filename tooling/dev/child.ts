import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DevError } from './dev-error.js';

const TETHER = new URL('tether.mjs', import.meta.url);

/** How a child ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last thing that it said on standard error that is no log line, or ''. */
  readonly lastWords: string;
}

export interface ChildOptions {
  /** As it is called in the log. */
  readonly name: string;
  /** Absolute path of the built program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Ms that it waits before it ends by itself when the launcher was killed. */
  readonly orphanDelayMs: number;
  /** Told every line of standard output and standard error. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
}

/**
 * One program of the stack. It has a process group of its own, so that Ctrl-C reaches the launcher alone, which ends the
 * programs in their order; and a channel to the launcher, whose closing ends it when the launcher could not.
 */
export class Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone and its output has been read. */
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;
  #isOver = false;
  #lastWords = '';

  constructor({ name, program, args, env, orphanDelayMs, onLine }: ChildOptions) {
    this.name = name;
    const tether = `${TETHER.href}?delay=${orphanDelayMs}`;
    this.#process = spawn(process.execPath, ['--import', tether, program, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const { pid, stdout, stderr } = this.#process;
    // Without a listener the event would end the launcher.
    this.#process.on('error', () => {});
    if (pid === undefined || stdout === null || stderr === null) {
      throw new DevError(`${name} cannot be started: no process could be made for ${program}`);
    }
    this.pid = pid;
    createInterface({ input: stdout }).on('line', (line) => onLine(line, 'stdout'));
    createInterface({ input: stderr }).on('line', (line) => {
      if (line.trim() !== '' && !line.startsWith('{')) this.#lastWords = line.trim();
      onLine(line, 'stderr');
    });
    this.ended = once(this.#process, 'close').then(([code, signal]) => {
      this.#isOver = true;
      return { code, signal, lastWords: this.#lastWords };
    });
  }

  /** Asks it to end, and after `graceMs` ends it. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), graceMs);
    this.#signal('SIGTERM');
    // One that is stopped hears nothing else.
    this.#signal('SIGCONT');
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.#isOver) this.#process.kill(signal);
  }
}

/** `code 1: why`, or `SIGKILL`. */
export function howEnded({ code, signal, lastWords }: Ended): string {
  if (code === null) return `was ended by ${signal ?? 'a signal'}`;
  return `ended with code ${code}${lastWords === '' ? '' : `: ${lastWords}`}`;
}
