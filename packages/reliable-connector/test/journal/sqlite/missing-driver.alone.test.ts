import { expect, test, vi } from 'vitest';

vi.mock('better-sqlite3', () => {
  throw new Error("Cannot find package 'better-sqlite3'");
});

test('a missing better-sqlite3 is named, on first use and not before', async () => {
  const { openSqliteJournal } = await import('../../../src/journal/sqlite/index.js');
  const refusal = openSqliteJournal('/nowhere/journal.db');
  await expect(refusal).rejects.toMatchObject({ code: 'MISSING_DEPENDENCY' });
  await expect(refusal).rejects.toThrow(/install it/);
});
