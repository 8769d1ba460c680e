import type { DriverContext } from '../../driver/index.js';

/** Read by the core. An embedded driver reads none of its own. */
const KNOWN: ReadonlySet<string> = new Set(['timeout', 'membership_timeout', 'lock_timeout', 'namespace']);

/** Tells the logger the names of options in the URL that nobody reads, so that a slip of the pen is seen. Never values. */
export function warnOfUnknownOptions(driver: string, o: Pick<DriverContext, 'url' | 'logger'>): void {
  const options = [...new Set(o.url.searchParams.keys())].filter((name) => !KNOWN.has(name));
  if (options.length > 0)
    o.logger.warn({ options }, `options of the URL that the ${driver} driver does not know`);
}
