import type { SqliteJournal } from '@holdfast/reliable-connector/journal/sqlite';
import type { Run } from '../job-host.js';
import { connectorLogger } from './connector-logger.js';
import { requireJournal } from './with-connector.js';

/**
 * Opens the journal's file without a connector: no owner, no nodes, no sagas taken over.
 *
 * @throws JobError without a journal; ReliableConnectorError from the opening.
 */
export async function withJournal<T>(
  run: Run,
  use: (journal: SqliteJournal, path: string) => Promise<T>,
): Promise<T> {
  const settings = await run.settings();
  await requireJournal(settings);
  const { openSqliteJournal } = await import('@holdfast/reliable-connector/journal/sqlite');
  const journal = await openSqliteJournal(settings.journal, { logger: connectorLogger(run.io) });
  try {
    return await use(journal, settings.journal);
  } finally {
    await journal.close();
  }
}
