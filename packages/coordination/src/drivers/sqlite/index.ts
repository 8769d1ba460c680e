import type { DriverDefinition } from '../../driver/index.js';
import { EmbeddedDriver } from '../embedded/embedded-driver.js';
import { warnOfUnknownOptions } from '../embedded/url-options.js';
import { hostBootId } from './boot-id.js';
import { openStore } from './open.js';
import { pathOfUrl } from './path.js';

/**
 * Coordination of all processes of one host through a file: `sqlite:PATH`. Needs the package better-sqlite3.
 *
 * Every call is one transaction under SQLite's one write lock, or one read of the latest commit, and calls of a
 * coordinator run in the order in which they were made: they are linearizable and serializable, and all processes see
 * the same data. Not across hosts: the log's index is shared memory, which network file systems do not share, and each
 * host has its own monotonic clock. A file that is deleted, replaced or used by a second host is refused from then on;
 * the second before that is noticed is the window in which two holders are possible, told apart by their fences.
 *
 * Leases end by the host's monotonic clock, and with its boot: after a reboot every lock is free, while groups and the
 * fencing counter are kept. A loss of power may forget a group that was created in the last moments. Where the system
 * gives its boots no names (macOS, Windows), a file that is opened earlier in a boot than it was last written in the one
 * before is known to come from there; else what that one left ends after its TTL, as what any dead process leaves.
 *
 * `timeout`, `membership_timeout`, `lock_timeout` and `namespace` in the query mean what they mean everywhere; any other
 * option is ignored with a warning to the logger.
 */
export const sqliteDriver: DriverDefinition = defineSqliteDriver(hostBootId);

/** The driver of a host whose boots are named by `bootId`; null where the system names none. */
export function defineSqliteDriver(bootId: () => string | null): DriverDefinition {
  return {
    name: 'sqlite',
    schemes: ['sqlite'],
    characteristics: new Set([
      'DISTRIBUTED_ACROSS_THREADS',
      'DISTRIBUTED_ACROSS_PROCESSES',
      'LINEARIZABLE',
      'SEQUENTIAL',
      'CAUSAL',
      'SERIALIZABLE',
      'SAME_VIEW_UNDER_PARTITIONS',
      'SAME_VIEW_ACROSS_CLIENTS',
    ]),
    requiresBeating: true,
    check: (url) => void pathOfUrl(url),
    async open(context) {
      warnOfUnknownOptions('sqlite', context);
      return new EmbeddedDriver(await openStore(pathOfUrl(context.url), context, bootId()), context);
    },
  };
}
