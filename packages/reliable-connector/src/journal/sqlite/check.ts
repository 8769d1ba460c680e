import type { JournalContext } from './context.js';
import type { Database } from './driver.js';
import { sqliteCode } from './sqlite-error.js';
import type { SagaTable } from './tables/saga-table.js';

/** What `check` found; `problems` is empty when all is well. */
export interface CheckReport {
  readonly ok: boolean;
  readonly problems: readonly string[];
}

/** Each query yields one line per violated rule of the journal's own. */
const RULES: readonly string[] = [
  `SELECT 'saga ' || max(id) || ' is above the saga counter ' || (SELECT last_saga FROM journal)
     FROM saga HAVING max(id) > (SELECT last_saga FROM journal)`,
  `SELECT 'owner ' || max(id) || ' is above the owner counter ' || (SELECT last_owner FROM journal)
     FROM owner HAVING max(id) > (SELECT last_owner FROM journal)`,
  `SELECT 'token ' || max(token) || ' of a saga is above the token counter'
     FROM saga HAVING max(token) >= ((SELECT token_counter FROM journal) + 1) / 16384.0`,
  `SELECT count(*) || ' unfinished sagas hold the key ' || quote(key)
     FROM saga NOT INDEXED WHERE ended_at IS NULL AND key IS NOT NULL GROUP BY key HAVING count(*) > 1`,
  `SELECT 'unfinished saga ' || saga.id || ' belongs to owner ' || owner || ', which has no row'
     FROM saga NOT INDEXED WHERE ended_at IS NULL AND owner IS NOT NULL AND owner NOT IN (SELECT id FROM owner)`,
  `SELECT 'the token of ' || quote(key) || ' in the catalog is ' || token FROM catalog WHERE NOT token > 0`,
  `SELECT 'a hot token of ' || quote(key) || ' is ' || token FROM hot WHERE NOT token > 0`,
];

/** `integrity_check` and the journal's own rules. Reads the whole file and blocks the event loop meanwhile. */
export function checkJournal(db: Database, { tables }: JournalContext): CheckReport {
  const problems: string[] = [];
  try {
    const found = db.prepare<[], string>('PRAGMA integrity_check').pluck().all();
    problems.push(...found.filter((line) => line !== 'ok'));
    const { journals } = db
      .prepare<[], { journals: number }>('SELECT count(*) AS journals FROM journal')
      .get() ?? {
      journals: 0,
    };
    if (journals !== 1) problems.push(`the journal has ${journals} rows of its own instead of one`);
    for (const rule of RULES) problems.push(...db.prepare<[], string>(rule).pluck().all());
    problems.push(...unreadable(tables.sagas));
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return { ok: problems.length === 0, problems };
}

/** Unfinished sagas whose JSON columns cannot be read stop recovery. */
function unreadable(sagas: SagaTable): string[] {
  try {
    sagas.query({ limit: -1 });
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [`an unfinished saga cannot be read: ${error.message}`];
  }
}
