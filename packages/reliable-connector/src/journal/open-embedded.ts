import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Random } from '../random.js';
import type { Journal } from './journal.js';

/**
 * A journal as given, or the embedded one at a path, loaded on first use: its library is an optional peer dependency.
 * `close` ends only what was opened here.
 */
export async function openEmbedded(
  journal: string | Journal,
  o: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
): Promise<{ readonly journal: Journal; readonly close: () => Promise<void> }> {
  if (typeof journal !== 'string') return { journal, close: async () => {} };
  const { openSqliteJournal } = await import('./sqlite/index.js');
  const opened = await openSqliteJournal(journal, { clock: o.clock, random: o.random, logger: o.logger });
  return { journal: opened, close: () => opened.close() };
}
