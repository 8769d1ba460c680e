import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Worlds } from './mutant.js';

/** What a hunting process is told. */
export interface Order {
  /** The folder of the copy. */
  readonly copy: string;
  readonly by: readonly string[] | Worlds;
}

/** The test, or the world, that noticed first. */
export interface Catch {
  readonly title: string;
  readonly text: string;
}

type Told = { readonly trying: string } | { readonly found: Catch | null };

/** A test or a world that takes longer has made the copy hang, which is a catch as well. */
const HANG_MS = 5_000;

/** A process that hunts in one copy after the other; it is replaced when a copy makes it hang or die. */
export class Hunter {
  readonly #healthy: string;
  #child: ChildProcess | null = null;
  /** Copies in which the present process has hunted. */
  #hunts = 0;

  /** `healthy` is the folder of the whole code. */
  constructor(healthy: string) {
    this.#healthy = healthy;
  }

  /** Hunts until something notices; null: nothing did. */
  async hunt(order: Order): Promise<Catch | null> {
    const found = await this.#hunt(order);
    // What is nobody's may come from an earlier copy: then only a process of its own tells.
    if (found?.title !== 'unhandled' || this.#hunts === 1) return found;
    this.end();
    return this.#hunt(order);
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#hunts = 0;
  }

  #hunt(order: Order): Promise<Catch | null> {
    this.#child ??= fork(join(this.#healthy, 'test/mutation/hunt-process.js'), {
      stdio: 'inherit',
      execArgv: [],
      env: { ...process.env, TMPDIR: this.#healthy },
    });
    const child = this.#child;
    this.#hunts++;
    return new Promise((resolve) => {
      let title = 'before the first test';
      let watchdog: NodeJS.Timeout | undefined;
      const watch = (): void => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
      };
      const done = (found: Catch | null): void => {
        clearTimeout(watchdog);
        child.removeAllListeners();
        resolve(found);
      };
      child.on('message', (message: Told) => {
        watch();
        if ('trying' in message) title = message.trying;
        else done(message.found);
      });
      child.on('exit', (code, signal) => {
        this.#child = null;
        this.#hunts = 0;
        done({ title, text: `the process ended by ${signal ?? `code ${code}`}` });
      });
      watch();
      child.send(order);
    });
  }
}
