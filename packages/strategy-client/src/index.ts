// Querying: connections, cursors, rows.
export { connect } from './connection/connect.js';
export type { ConnectWithManagerOptions } from './connection/connect.js';
export { Connection } from './connection/connection.js';
export type { ConnectionCallOptions, QueryCallOptions } from './connection/connection.js';
export type { ConnectOptions } from './connection/options.js';
export type { GrpcOptions } from './connection/grpc-options.js';
export type { RetryOptions } from './recovery/retry-options.js';
export type { CatalogPlace, TableColumn } from './connection/catalog.js';
export { Cursor } from './cursor/cursor.js';
export type { CursorCallOptions, CursorOptions, ExecuteOptions } from './cursor/cursor.js';
export type { ExplainAnalysis, QueryStatus } from './cursor/explain.js';
export { connectPool } from './pool/connect-pool.js';
export type { ConnectPoolOptions } from './pool/connect-pool.js';
export { ConnectionPool, PoolLease } from './pool/index.js';
export type { AcquireOptions, PooledConnection, PoolOptions, PoolStats } from './pool/index.js';
export { QueryResult } from './cursor/query-result.js';
export type { QueryParameters } from './cursor/statement.js';
export type { EscapeStyle, ExplicitParameter, NamedParameters } from './parameters/index.js';

// The same for any grpc-js client.
export { withStrategy } from './with-strategy/with-strategy.js';
export type {
  PinHooks,
  SessionHooks,
  SessionOpening,
  WithStrategyOptions,
} from './with-strategy/options.js';
export type {
  AnsweredCallOf,
  CallOf,
  MethodName,
  RequestOf,
  ResponseOf,
  StrategyCallOptions,
  StrategyClient,
  StreamMethod,
  UnaryMethod,
} from './with-strategy/types.js';

// Switching: which deployment takes calls.
export { StrategyManager } from './manager/strategy-manager.js';
export type { SharedStrategy, StrategyDebugInfo } from './manager/strategy-manager.js';
export type { StrategyManagerOptions } from './manager/options.js';
export type { GrpcHeaderParts } from './manager/grpc-header.js';
export type { StrategyEvents } from './manager/events.js';
export type { DurationHistogram, PerStrategy, StrategyMetrics } from './manager/metrics.js';
export type { SessionLease } from './manager/switchboard.js';
export type { SwitchReason } from './routing/routing.js';
export { isValidStrategy, STRATEGIES } from './strategy.js';
export type { Strategy } from './strategy.js';

// Sharing what was found out. The stores of worker threads and of Redis are the subpaths `./stores/<name>`.
export { inProcessStore } from './stores/in-process/in-process-store.js';
export type {
  StoreContext,
  StoredStrategy,
  StoreKey,
  StoreReading,
  StrategyStore,
  StrategyStoreProvider,
} from './stores/strategy-store.js';

// What it tells and takes.
export {
  AuthenticationError,
  DeploymentGoneError,
  LostAfterSend,
  MalformedBytes,
  QueryFailed,
  StrategyClientError,
  StrategyDetectionError,
} from './errors.js';
export type { StrategyClientErrorCode } from './errors.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { systemRandom } from './random.js';
export type { Random } from './random.js';
export type { Logger } from './logger.js';
export type { Column, Int64Mode, Row, Value } from './wire/index.js';
