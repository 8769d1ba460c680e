import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JoinOptions, JournalSession } from '../../../src/journal/journal.js';
import type { SagaRecord } from '../../../src/journal/records.js';
import {
  openSqliteJournal,
  type SqliteJournal,
  type SqliteJournalOptions,
} from '../../../src/journal/sqlite/index.js';
import { joinOptions } from '../conformance/world.js';
import { ManualClock } from '../manual-clock.js';
import { testFolder } from './folder.js';

/** A path for a journal in a folder that goes with the test. */
export async function testPath(): Promise<string> {
  return join(await testFolder(), 'journal.db');
}

/** Opens a journal that is closed at the end of the test. */
export async function opened(path: string, o: SqliteJournalOptions = {}): Promise<SqliteJournal> {
  const journal = await openSqliteJournal(path, o);
  onTestFinished(() => journal.close());
  return journal;
}

/** Opens a journal and joins it. */
export async function joined(
  path: string,
  o: Partial<JoinOptions> = {},
): Promise<{
  readonly journal: SqliteJournal;
  readonly session: JournalSession;
  readonly clock: ManualClock;
}> {
  const clock = new ManualClock();
  const journal = await opened(path);
  return { journal, clock, session: await journal.join(joinOptions(clock, o)) };
}

/** All sagas of the file, by id. */
export async function allSagas(session: JournalSession): Promise<ReadonlyMap<number, SagaRecord>> {
  const phases = ['locked', 'applying', 'aborting', 'ended'] as const;
  const sagas = await session.sagas({ phases, limit: 1_000_000 });
  return new Map(sagas.map((saga) => [saga.id, saga]));
}
