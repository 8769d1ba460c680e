/** So many rows of a computed table. */
export const statementFor = (rows: number): string => `SELECT n, name FROM numbers LIMIT ${rows}`;
export const ROWS = 1;
/** What the engine does for one row is little beside the calls. */
export const STATEMENT: string = statementFor(ROWS);
export const CATALOG = 'builtin';
export const SCHEMA = 'generated';
export const USER = 'holdfast';
export const PASSWORD = 'holdfast';
export const CLUSTER = 'bench';
/** Calls of such a query: prepare, execute, metadata, the batch, the one that ends it, clear. */
export const CALLS_PER_QUERY = 6;
