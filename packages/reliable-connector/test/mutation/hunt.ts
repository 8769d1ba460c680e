import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Profile } from '../sim/profile.js';

/** What a hunting process is told. */
export interface Order {
  readonly from: number;
  readonly to: number;
  readonly world: Partial<Profile>;
}

/** The first violation that was met. */
export interface Catch {
  readonly seed: number;
  readonly invariant: string;
  readonly text: string;
}

/** A seed that takes longer has made the copy hang, which is a catch as well. */
const HANG_MS = 8_000;

/** Lets a copy of the package live through seeds until an invariant breaks; null: none did. */
export function hunt(copy: string, order: Order): Promise<Catch | null> {
  return new Promise((resolve) => {
    const child = fork(join(copy, 'test/mutation/hunt-process.js'), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let seed = order.from;
    let found: Catch | null = null;
    let told = false;
    let watchdog: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
    };
    child.on('message', (message: Catch | { readonly trying: number } | null) => {
      watch();
      if (message !== null && 'trying' in message) seed = message.trying;
      else {
        found = message;
        told = true;
      }
    });
    child.on('exit', (code, signal) => {
      clearTimeout(watchdog);
      resolve(
        told ? found : { seed, invariant: 'X', text: `the process ended by ${signal ?? `code ${code}`}` },
      );
    });
    watch();
    child.send(order);
  });
}
