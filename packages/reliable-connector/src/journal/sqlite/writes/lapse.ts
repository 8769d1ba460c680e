import type { HotEntry } from '../../records.js';
import { removes } from '../../transition.js';
import type { Tables } from '../tables/index.js';

/** HOT entries that are idle, over, and not being removed by an unfinished saga (4.3). Reads only. */
export function lapsable(tables: Tables, monotonicMs: number): HotEntry[] {
  return tables.hot.idleAndOver(monotonicMs).filter(({ key, token }) => {
    const holder = tables.sagas.holder(key);
    return holder === null || !removes(holder, token);
  });
}

/** Within a transaction: drops them. Returns how many. */
export function writeLapse(tables: Tables, monotonicMs: number): number {
  const entries = lapsable(tables, monotonicMs);
  for (const entry of entries) tables.hot.pay(entry);
  return entries.length;
}
