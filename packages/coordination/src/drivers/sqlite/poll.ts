import type { DriverContext } from '../../driver/index.js';
import type { Notice } from '../embedded/notices.js';
import type { Database } from './library.js';
import type { NoticeLog } from './notice-log.js';
import { isBusy } from './sqlite-error.js';

/** How often a listener looks whether somebody else has written, ms. SQLite has no push; a look costs some µs. */
const POLL_MS = 10;

export interface PollOptions {
  readonly db: Database;
  readonly log: NoticeLog;
  readonly context: Pick<DriverContext, 'clock' | 'logger'>;
  readonly onNotices: (notices: readonly Notice[]) => void;
}

/**
 * Reads new notices when `data_version` says that another connection has written. The returned function ends it; until
 * then its timer keeps the process alive.
 */
export function startPolling({ db, log, context, onNotices }: PollOptions): () => void {
  let seen = dataVersion(db);
  let failing = false;
  log.skipToEnd();
  const look = (): void => {
    cancel = context.clock.schedule(POLL_MS, look);
    try {
      const version = dataVersion(db);
      if (version === seen) return;
      const notices = log.readNew();
      seen = version;
      failing = false;
      if (notices.length > 0) onNotices(notices);
    } catch (err) {
      if (!isBusy(err) && !failing)
        context.logger.warn({ err }, 'hints cannot be read; polling above makes up for it');
      failing ||= !isBusy(err);
    }
  };
  let cancel = context.clock.schedule(POLL_MS, look);
  return () => cancel();
}

const dataVersion = (db: Database): unknown => db.pragma('data_version', { simple: true });
