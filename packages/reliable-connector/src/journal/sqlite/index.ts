export type { NodeSet } from '../binding.js';
export type { BackupOptions, BackupProgress } from './backup.js';
export type { CheckReport } from './check.js';
export type { SqliteJournalOptions } from './options.js';
export type { RebindReport } from './rebind.js';
export { openSqliteJournal, type SqliteJournal } from './sqlite-journal.js';
