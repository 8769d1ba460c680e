/** One row of a computed table: what the engine does for it is little beside the calls. */
export const STATEMENT = 'SELECT n, name FROM numbers LIMIT 1';
export const CATALOG = 'builtin';
export const SCHEMA = 'generated';
export const USER = 'holdfast';
export const PASSWORD = 'holdfast';
export const CLUSTER = 'bench';
export const ROWS = 1;
/** Calls of such a query: prepare, execute, metadata, the batch, the one that ends it, clear. */
export const CALLS_PER_QUERY = 6;
