import { type PreparedQuery, type ResultSource, type SqlEngine, SqlError } from '../../src/index.js';

/** What a tiny engine was asked to do. */
export interface TinySql extends SqlEngine {
  readonly executed: readonly string[];
  /** Results that were handed out and not closed. */
  readonly openResults: number;
  readonly isClosed: boolean;
}

/**
 * An engine for tests of everything around it. `rows N` gives N batches that say `1`, `2` …; `bytes N` one batch of N
 * bytes; a text with `bad` is refused when prepared, one with `fails` when executed.
 */
export function tinySql(): TinySql {
  const executed: string[] = [];
  let openResults = 0;
  let isClosed = false;
  const result = (text: string): ResultSource => {
    openResults += 1;
    let isOpen = true;
    const [, kind, count = '0'] = /^(rows|bytes) (\d+)/.exec(text) ?? [];
    const batches = kind === 'bytes' ? [Buffer.alloc(Number(count), 7)] : numbers(Number(count));
    let delivered = 0;
    return {
      columns: [{ name: 'n', type: 'LONG', zone: '', format: '' }],
      rowCount: BigInt(batches.length),
      get delivered() {
        return BigInt(delivered);
      },
      nextBatch: () => batches[delivered++] ?? Buffer.alloc(0),
      close() {
        if (isOpen) openResults -= 1;
        isOpen = false;
      },
    };
  };
  const prepare = (text: string): PreparedQuery => {
    if (text.includes('bad')) throw new SqlError(`near "bad": ${text}`);
    return {
      text,
      execute(params = []) {
        if (text.includes('fails')) throw new SqlError('it fails');
        executed.push(
          [text, ...params.map(({ index, type, value }) => `${index}:${type}:${value}`)].join(' '),
        );
        return result(text);
      },
    };
  };
  return {
    executed,
    get openResults() {
      return openResults;
    },
    get isClosed() {
      return isClosed;
    },
    prepare: ({ sql }) => prepare(sql),
    schemas: (catalog) => [`schema of ${catalog}`],
    tables: ({ catalog, schema }) => [`table of ${catalog}.${schema}`],
    columns: ({ table }) => [{ fieldName: `column of ${table}`, fieldType: 'LONG' }],
    explain: ({ sql }) => `plan of ${sql}`,
    dryRun: ({ sql, schema, catalog }) => `${catalog}.${schema}: ${sql}`,
    close() {
      isClosed = true;
    },
  };
}

const numbers = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(String(index + 1)));
