import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FROM_SOURCE } from '../../../../tooling/from-source/flags.js';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How the app ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real app as a process of its own, run from its sources. */
export class AppProcess {
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  readonly #ended: Promise<Ended>;

  constructor(flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const clean = Object.entries(process.env).filter(([name]) => !/^(ENGINE_|HOLDFAST_)/.test(name));
    const args = [...FROM_SOURCE, MAIN, ...flags];
    this.#child = spawn(process.execPath, args, {
      env: { ...Object.fromEntries(clean), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    this.#ended = once(this.#child, 'close').then(([code, signal]) => {
      return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
    });
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.#ended;
    });
  }

  /** All of stdout, once `pattern` has come and the rest of its line too. */
  async output(pattern: RegExp): Promise<string> {
    const whole = new RegExp(`${pattern.source}[^\\n]*\\n`);
    while (!whole.test(this.#stdout)) {
      const out = this.#child.stdout;
      if (out === null) throw new Error('the process has no stdout');
      const gone = await Promise.race([once(out, 'data').then(() => false), this.#ended.then(() => true)]);
      if (gone) throw new Error(`the app ended before it said ${pattern}: ${this.#stderr}`);
    }
    return this.#stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  get ended(): Promise<Ended> {
    return this.#ended;
  }
}
