import type { Database } from './driver.js';
import { fileBytes } from './files.js';
import { damaged } from './sqlite-error.js';

/** Up to this size the whole file is checked at every opening (under 0.2 s); beyond, only what an opening itself relies on. */
const FULL_CHECK_BYTES = 64 * 2 ** 20;
const VITAL_TABLES = ['journal', 'migration', 'node', 'owner', 'hot'];

/**
 * `quick_check` (4.3). Of a file over 64 MiB only the small tables are checked at the opening; `check()` looks at all of
 * it, and a damaged page that is met later stops the journal. Throws `JOURNAL_DAMAGED`.
 */
export function quickCheck(db: Database, path: string): void {
  const scopes = fileBytes(path) > FULL_CHECK_BYTES ? VITAL_TABLES.map((table) => `('${table}')`) : ['(1)'];
  for (const scope of scopes) {
    const found = db.pragma(`quick_check${scope}`, { simple: true });
    if (found !== 'ok') throw damaged(path, String(found));
  }
}
