export type { AcquireOptions } from './connection-pool.js';
export { ConnectionPool } from './connection-pool.js';
export { PoolLease } from './pool-lease.js';
export type { PooledConnection, PoolOptions } from './pool-options.js';
export type { PoolStats } from './pool-stats.js';
