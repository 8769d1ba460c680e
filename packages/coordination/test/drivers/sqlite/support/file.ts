import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { DriverDefinition } from '../../../../src/driver/index.js';
import { sqliteDriver } from '../../../../src/drivers/sqlite/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { type Client, type OpenOptions, openClient } from '../../embedded/support/client.js';
import { testFolder } from '../../embedded/support/folder.js';

/** A file of the test's own, and the time of those who use it. */
export interface TestFile {
  readonly path: string;
  readonly clock: ManualClock;
  client(id: string, o?: Partial<OpenOptions> & { definition?: DriverDefinition }): Promise<Client>;
  /** Another connection to the file, as any program may have it; closed at the end of the test. */
  stranger(): Database.Database;
}

export async function testFile(): Promise<TestFile> {
  const path = join(await testFolder(), 'coordination.db');
  const clock = new ManualClock();
  return {
    path,
    clock,
    client: (id, { definition = sqliteDriver, ...o } = {}) =>
      openClient(id, definition, { url: `sqlite:${path}`, clock, ...o }),
    stranger() {
      const db = new Database(path, { timeout: 0 });
      onTestFinished(() => void db.close());
      return db;
    },
  };
}
