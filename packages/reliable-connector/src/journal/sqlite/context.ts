import type { JoinOptions } from '../journal.js';
import type { OwnerRecord } from '../records.js';
import type { Driver } from './driver.js';
import type { GroupCommit } from './group-commit.js';
import type { ResolvedSqliteJournalOptions } from './options.js';
import type { OwnSagas } from './own-sagas.js';
import type { Tables } from './tables/index.js';

/** What every part of one open journal shares. */
export interface JournalContext {
  readonly path: string;
  /** Folder of the owners' lock files. */
  readonly owners: string;
  readonly driver: Driver;
  readonly tables: Tables;
  readonly commits: GroupCommit;
  readonly options: ResolvedSqliteJournalOptions;
}

/** What every write of one session shares. */
export interface SessionContext extends JournalContext {
  readonly owner: OwnerRecord;
  readonly own: OwnSagas;
  readonly join: JoinOptions;
}
