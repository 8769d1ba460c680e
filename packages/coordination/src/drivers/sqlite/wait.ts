import type { DriverContext } from '../../driver/index.js';
import { ConnectionError } from '../../errors.js';
import type { Random } from '../../random.js';
import { isBusy } from './sqlite-error.js';

const LEAST_WAIT_MS = 1;
const WAIT_SPREAD_MS = 2;

/** Ms until the next attempt at a file that somebody else writes: 1 to 3, by chance, so that nobody walks in step. */
export function waitMs(random: Random): number {
  return LEAST_WAIT_MS + WAIT_SPREAD_MS * random();
}

/**
 * Runs a short synchronous `action` on a file, again and again while others hold it, without blocking the event loop.
 * Rejects with `CONNECTION` after `timeoutMs`.
 */
export async function whenFree<T>(
  path: string,
  { clock, random, timeoutMs }: Pick<DriverContext, 'clock' | 'random' | 'timeoutMs'>,
  action: () => T,
): Promise<T> {
  const endsAt = clock.monotonic() + timeoutMs;
  for (;;) {
    try {
      return action();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      if (clock.monotonic() >= endsAt)
        throw new ConnectionError(
          `${path} was held by others for ${timeoutMs} ms (timeoutMs); find the process that holds it, or try again`,
          { cause },
        );
    }
    await new Promise<void>((resolve) => {
      clock.schedule(waitMs(random), resolve);
    });
  }
}
