import { sleep } from '../../clock.js';
import type { Random } from '../../random.js';
import type { ResolvedSqliteJournalOptions } from './options.js';
import { busy, isBusy } from './sqlite-error.js';

const LEAST_WAIT_MS = 1;
const WAIT_SPREAD_MS = 2;

/** Ms until the next attempt at a held lock: 1–3, at random, so that processes do not walk in step (4.3). */
export function turnWaitMs(random: Random): number {
  return LEAST_WAIT_MS + WAIT_SPREAD_MS * random();
}

/**
 * Runs a short synchronous `action` on the database, again and again while another process holds it, without ever
 * blocking the loop. Rejects with `JOURNAL_BUSY` after `busyMs`.
 */
export async function inTurn<T>(
  path: string,
  o: Pick<ResolvedSqliteJournalOptions, 'clock' | 'random' | 'busyMs'>,
  action: () => T,
): Promise<T> {
  let endsAt: number | null = null;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const now = o.clock.monotonic();
      endsAt ??= now + o.busyMs;
      if (now >= endsAt) throw busy(path, o.busyMs, error);
    }
    await sleep(o.clock, turnWaitMs(o.random));
  }
}
