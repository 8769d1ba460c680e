import type { Command } from 'commander';
import type { JobHost } from '../job-host.js';
import { registerJournalBackup } from './journal-backup.js';
import { registerJournalCheck } from './journal-check.js';
import { registerJournalInfo } from './journal-info.js';
import { registerJournalRebind } from './journal-rebind.js';

/** `job journal …`: the journal's file itself. */
export function registerJournal(program: Command, host: JobHost): void {
  const journal = program.command('journal').description('look after the journal file');
  registerJournalInfo(journal, host);
  registerJournalCheck(journal, host);
  registerJournalBackup(journal, host);
  registerJournalRebind(journal, host);
}
