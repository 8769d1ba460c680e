import { fork } from 'node:child_process';
import { join } from 'node:path';

/** What a hunting process is told. */
export interface Order {
  /** Test files, below `test` and without `.test.ts`. */
  readonly tests: readonly string[];
}

/** The first test that failed. */
export interface Catch {
  readonly title: string;
  readonly text: string;
}

/** A test that takes longer has made the copy hang, which is a catch as well. */
const HANG_MS = 5_000;

/** Lets a copy of the package run its tests until one fails; null: none did. */
export function hunt(copy: string, order: Order): Promise<Catch | null> {
  return new Promise((resolve) => {
    const child = fork(join(copy, 'test/mutation/hunt-process.js'), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // A group of its own, so that servers which it has started end with it, and folders in the copy.
      detached: true,
      env: { ...process.env, TMPDIR: copy },
    });
    const kill = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nobody is left of it.
      }
    };
    let title = 'before the first test';
    let found: Catch | null = null;
    let told = false;
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    let watchdog: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(kill, HANG_MS);
    };
    child.on('message', (message: Catch | { readonly trying: string } | null) => {
      watch();
      if (message !== null && 'trying' in message) title = message.trying;
      else {
        found = message;
        told = true;
      }
    });
    child.on('exit', kill);
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      const text = `the process ended by ${signal ?? `code ${code}`} ${complaint}`.trim();
      resolve(told ? found : { title, text });
    });
    watch();
    child.send(order);
  });
}
