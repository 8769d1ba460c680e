import type { HotEntry } from '../../records.js';
import type { Tables } from '../tables/index.js';

/**
 * HOT entries that are idle and over (4.3). None lapses while an unfinished saga holds its key: that saga may be
 * removing the token, a forced delete without even naming it. Reads only.
 */
export function lapsable(tables: Tables, monotonicMs: number): HotEntry[] {
  return tables.hot.idleAndOver(monotonicMs).filter(({ key }) => tables.sagas.holder(key) === null);
}

/** Within a transaction: drops them. Returns how many. */
export function writeLapse(tables: Tables, monotonicMs: number): number {
  const entries = lapsable(tables, monotonicMs);
  for (const entry of entries) tables.hot.pay(entry);
  return entries.length;
}
