import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Column, decodeBatch, type Row } from '@holdfast/strategy-client/wire';
import { onTestFinished } from 'vitest';
import { openSqlEngine } from '../../src/sql/open-sql-engine.js';
import type { ResultSource, SqlEngine, TypedParameter } from '../../src/sql/query-source.js';
import type { SqlEngineOptions } from '../../src/sql/sql-engine-options.js';

/** A folder of its own, removed when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-mock-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An engine that is closed when the test ends. */
export function openEngine(options: SqlEngineOptions = {}): TestEngine {
  return new TestEngine(openSqlEngine(options));
}

/** What a test asks with a statement. */
export interface Ask {
  readonly catalog?: string;
  readonly schema?: string;
  readonly params?: readonly TypedParameter[];
}

/** A result, read to its end. */
export interface Answer {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly rowCount: bigint;
  /** Rows of each batch. */
  readonly batches: readonly number[];
}

export class TestEngine {
  readonly engine: SqlEngine;

  constructor(engine: SqlEngine) {
    this.engine = engine;
    onTestFinished(() => engine.close());
  }

  start(sql: string, { catalog = '', schema = '', params = [] }: Ask = {}): ResultSource {
    return this.engine.prepare({ sql, catalog, schema }).execute(params);
  }

  ask(sql: string, ask: Ask = {}): Answer {
    return readAll(this.start(sql, ask));
  }

  rows(sql: string, ask: Ask = {}): readonly Row[] {
    return this.ask(sql, ask).rows;
  }
}

/** Reads what is left of a result, through the client's decoder. */
export function readAll(result: ResultSource): Answer {
  const rows: Row[] = [];
  const batches: number[] = [];
  for (let batch = result.nextBatch(); batch.length > 0; batch = result.nextBatch()) {
    const some = decodeBatch([...result.columns], batch);
    batches.push(some.length);
    rows.push(...some);
  }
  return { columns: result.columns, rows, rowCount: result.rowCount, batches };
}
