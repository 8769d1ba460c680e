import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteJournal, type SqliteJournal } from '../../../src/journal/sqlite/index.js';
import { journalConformance } from '../conformance.js';

journalConformance('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-journal-'));
  const open: SqliteJournal[] = [];
  return {
    async process() {
      const journal = await openSqliteJournal(join(folder, 'journal.db'));
      open.push(journal);
      // Closing without a release drops the lock and leaves the rows, as the end of a process does.
      return { journal, die: () => journal.close() };
    },
    async dispose() {
      for (const journal of open) await journal.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
