import { type ChildProcess, fork } from 'node:child_process';

/** What a hunting process says: what it tries now, what noticed (null: nothing did), or a rejection that nobody handled. */
export type Told<Catch> =
  | { readonly trying: string }
  | { readonly found: Catch | null }
  | { readonly unhandled: string };

export interface HunterOptions<Catch> {
  /** JavaScript of the hunting process: takes orders as messages, one after the other, and answers each as `Told`. */
  readonly script: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ms of silence after which a copy hangs, which is a catch as well. */
  readonly hangMs: number;
  /** The catch when the process itself suffered while it tried something. */
  readonly suffered: (trying: string, text: string) => Catch;
}

/**
 * A process that hunts in one mutated copy after the other, so that libraries are loaded once; it is replaced when a copy
 * makes it hang or die. What can still go wrong: a copy that leaves work behind slows those after it.
 */
export class Hunter<Order extends object, Catch> {
  readonly #o: HunterOptions<Catch>;
  #child: ChildProcess | null = null;
  /** Copies in which the present process has hunted. */
  #hunts = 0;

  constructor(o: HunterOptions<Catch>) {
    this.#o = o;
  }

  /** Hunts until something notices; null: nothing did. */
  async hunt(order: Order): Promise<Catch | null> {
    const first = await this.#hunt(order);
    // What is nobody's may come from an earlier copy: then only a process of its own tells.
    if (!first.unhandled || this.#hunts === 1) return first.found;
    this.end();
    return (await this.#hunt(order)).found;
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
    this.#hunts = 0;
  }

  #hunt(order: Order): Promise<{ readonly found: Catch | null; readonly unhandled: boolean }> {
    const { script, env, hangMs, suffered } = this.#o;
    this.#child ??= fork(script, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, ...env },
    });
    const child = this.#child;
    this.#hunts++;
    return new Promise((resolve) => {
      let trying = 'the start';
      let complaint = '';
      const listen = (text: Buffer): void => {
        complaint += text.toString();
      };
      child.stderr?.on('data', listen);
      let watchdog: NodeJS.Timeout | undefined;
      const watch = (): void => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => child.kill('SIGKILL'), hangMs);
      };
      const done = (found: Catch | null, unhandled = false): void => {
        clearTimeout(watchdog);
        child.removeAllListeners();
        child.stderr?.off('data', listen).resume();
        resolve({ found, unhandled });
      };
      child.on('message', (told: Told<Catch>) => {
        watch();
        if ('trying' in told) trying = told.trying;
        else if ('unhandled' in told) done(suffered(trying, told.unhandled), true);
        else done(told.found);
      });
      child.on('close', (code, signal) => {
        this.#child = null;
        this.#hunts = 0;
        done(suffered(trying, `the process ended by ${signal ?? `code ${code}`} ${complaint}`.trim()));
      });
      watch();
      child.send(order);
    });
  }
}
