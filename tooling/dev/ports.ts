import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevError } from './dev-error.js';
import type { Port } from './settings.js';

/** Ms between two looks at a port that is about to become free. */
const LOOK_EVERY_MS = 100;

/**
 * Resolves when nobody listens on any of the ports.
 *
 * @param patienceMs how long one may stay taken: not at all, unless programs of a killed launcher are about to end.
 * @throws DevError that names the port and the variable that changes it.
 */
export async function requireFree(
  ports: readonly Port[],
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (const port of ports) {
    while (port.port !== 0 && (await isTaken(port))) {
      if (performance.now() >= until) throw taken(port);
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

async function isTaken({ host, port }: Port): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return false;
  } catch (error) {
    // Whatever else is wrong with the address, the server itself says better.
    return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  } finally {
    server.close();
  }
}

function taken({ server, host, port, variable }: Port): DevError {
  return new DevError(
    `port ${port} on ${host}, for ${server}, is taken by another process; stop that, or choose another with ${variable} (0 takes a free one)`,
  );
}
