import type { BenchContext } from '../../harness/context.js';
import type { Part } from './part.js';

export type SqliteSizes = {};
export async function benchOnSqlite(_: BenchContext, __: SqliteSizes): Promise<Part> {
  return { measurements: [], notes: [] };
}
