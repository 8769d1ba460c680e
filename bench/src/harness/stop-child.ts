import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pause } from './clock.js';

/** Ms that a child gets to end in good order. */
const GRACE_MS = 5_000;

/** Asks a child to end, waits, and ends it by force where it does not. Resolves when it is gone. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const enough = new AbortController();
  const force = pause(GRACE_MS, enough.signal).then(
    () => void child.kill('SIGKILL'),
    () => undefined,
  );
  await gone;
  enough.abort();
  await force;
}
