import { type ConnectWithManagerOptions, connect } from '../connection/connect.js';
import type { Connection } from '../connection/connection.js';
import { ConnectionPool } from './connection-pool.js';
import type { PoolOptions } from './pool-options.js';

/** Options of `connectPool`: those of a connection and those of a pool. */
export interface ConnectPoolOptions extends ConnectWithManagerOptions {
  /** Sizes, bounds and health of the pool. */
  readonly pool?: Omit<PoolOptions<Connection>, 'open'>;
}

/**
 * A pool of connections to one router, each with its own channel and sessions. What one of them finds out about a switch
 * the others follow, through the store. One connection serves any number of queries at a time: a pool is for those who
 * want to bound how many there are, or to spread them over several channels.
 *
 * @throws StrategyClientError `INVALID_ARGUMENT`.
 */
export function connectPool(o: ConnectPoolOptions): ConnectionPool<Connection> {
  const { pool, ...options } = o;
  return new ConnectionPool({
    ...(o.logger === undefined ? {} : { logger: o.logger }),
    ...(o.clock === undefined ? {} : { clock: o.clock }),
    ...pool,
    open: async (signal) => {
      const connection = connect(options);
      try {
        await connection.session({ signal });
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
  });
}
