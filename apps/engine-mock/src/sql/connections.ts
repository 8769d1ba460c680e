import Database from 'better-sqlite3';
import { SqlError } from './sql-error.js';

/** How long a write waits for another process that has the files open. */
const BUSY_TIMEOUT_MS = 1_000;
/** Most results that are open at once beyond their first batch; each holds a connection. */
const MAX_READING = 128;
/** Connections that are kept for the next result of the same schema. */
const MAX_IDLE = 8;

/**
 * Connections to the files of all schemas. Unqualified names are looked up in the schema that a connection was opened
 * for, then in the others. All writes of a schema's clients share one connection; each result that is being read has
 * its own, since an open one would keep a connection from writing and from seeing later writes.
 */
export class Connections {
  /** Schemas and their files, the default one first. */
  readonly #files: ReadonlyMap<string, string>;
  readonly #writers = new Map<string, Database.Database>();
  readonly #idle = new Map<string, Database.Database[]>();
  #reading = 0;

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** The connection for writes, and for statements that end at once. */
  writer(schema: string): Database.Database {
    const known = this.#writers.get(schema);
    if (known !== undefined) return known;
    const opened = this.#open(schema);
    this.#writers.set(schema, opened);
    return opened;
  }

  /** A connection for one result, to be given back by `release`. */
  acquireReader(schema: string): Database.Database {
    if (this.#reading >= MAX_READING) {
      throw new SqlError(`${MAX_READING} results are open; read them to their end or clear them`);
    }
    const reader = this.#idle.get(schema)?.pop() ?? this.#openReader(schema);
    this.#reading += 1;
    return reader;
  }

  releaseReader(schema: string, reader: Database.Database): void {
    this.#reading -= 1;
    const idle = this.#idle.get(schema) ?? [];
    this.#idle.set(schema, idle);
    if (idle.length < MAX_IDLE) idle.push(reader);
    else reader.close();
  }

  /** Results must have been closed before. */
  close(): void {
    for (const connection of [...this.#writers.values(), ...[...this.#idle.values()].flat()]) {
      connection.close();
    }
    this.#writers.clear();
    this.#idle.clear();
  }

  #openReader(schema: string): Database.Database {
    const reader = this.#open(schema);
    reader.pragma('query_only = ON');
    return reader;
  }

  #open(schema: string): Database.Database {
    const connection = new Database(':memory:', { timeout: BUSY_TIMEOUT_MS });
    // SQLite looks unqualified names up in the order of attachment.
    const others = [...this.#files.keys()].filter((name) => name !== schema);
    for (const name of this.#files.has(schema) ? [schema, ...others] : others) {
      connection.prepare(`ATTACH ? AS ${name}`).run(this.#files.get(name));
    }
    return connection;
  }
}
