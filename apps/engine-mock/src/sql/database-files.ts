import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { EngineMockError } from '../engine-mock-error.js';
import { CATALOGS } from './catalogs.js';
import { SAMPLE_TABLES } from './sample-tables.js';

/** Version of the tables, kept in each file's `user_version`. */
const SCHEMA_VERSION = 1;

/** How long a start waits for another process that makes the same files. */
const BUSY_TIMEOUT_MS = 5_000;

/** The files of all schemas. */
export interface DatabaseFiles {
  /** By schema, the default one first. */
  readonly paths: ReadonlyMap<string, string>;
  /** Removes a temporary folder. The files must be closed. */
  remove(): void;
}

/**
 * Finds or makes a file for each schema, with sample rows in those that are new.
 *
 * WAL with synchronous=NORMAL: a commit survives the death of the process, not a power failure.
 *
 * @param dataDir left out: a temporary folder.
 * @throws EngineMockError `DATA_INVALID` that names the file.
 */
export function openDatabaseFiles(dataDir: string | undefined): DatabaseFiles {
  const folder = makeFolder(dataDir);
  const paths = new Map<string, string>();
  for (const [catalog, schemas] of Object.entries(CATALOGS)) {
    for (const schema of schemas) paths.set(schema, join(folder, `${catalog}.${schema}.db`));
  }
  const remove = (): void => {
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const [schema, path] of paths) {
      prepareFile(path, { tables: SAMPLE_TABLES[schema] ?? '', isTemporary: dataDir === undefined });
    }
    return { paths, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function makeFolder(dataDir: string | undefined): string {
  try {
    if (dataDir === undefined) return mkdtempSync(join(tmpdir(), 'engine-mock-'));
    mkdirSync(dataDir, { recursive: true });
    return dataDir;
  } catch (cause) {
    throw unusable(dataDir ?? tmpdir(), cause);
  }
}

function prepareFile(
  path: string,
  { tables, isTemporary }: { readonly tables: string; readonly isTemporary: boolean },
): void {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    database.pragma('journal_mode = WAL');
    if (isTemporary) database.pragma('synchronous = OFF');
    // Two processes may start on one folder: the second waits here, and finds the tables.
    database.exec('BEGIN IMMEDIATE');
    const version = database.pragma('user_version', { simple: true });
    if (version === 0) {
      database.exec(tables);
      database.pragma(`user_version = ${SCHEMA_VERSION}`);
    } else if (version !== SCHEMA_VERSION) {
      throw new Error(`it has schema version ${String(version)}, and ${SCHEMA_VERSION} is known`);
    }
    database.exec('COMMIT');
  } catch (cause) {
    throw unusable(path, cause);
  } finally {
    database?.close();
  }
}

function unusable(path: string, cause: unknown): EngineMockError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EngineMockError(
    'DATA_INVALID',
    `${path} cannot be used (${reason}); remove it, or choose another folder with --data or ENGINE_DATA`,
    { cause },
  );
}
