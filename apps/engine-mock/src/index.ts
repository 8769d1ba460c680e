export type { Clock } from './clock.js';
export type { ClusterStatus } from './cluster-service/cluster-state.js';
export type { Both, Colour } from './colour.js';
export { type CountsSnapshot, MAX_COUNTED_TEXTS, type MismatchCounts } from './counts.js';
export type { Refusal } from './engine/credentials.js';
export { type EngineMock, type EngineState, startEngineMock } from './engine-mock.js';
export { EngineMockError, type EngineMockErrorCode } from './engine-mock-error.js';
export type { Fault, FaultKind, FaultMoment, FaultPlan, FaultRule, FaultScope } from './faults/fault-plan.js';
export type { Logger } from './logger.js';
export {
  type EngineMockOptions,
  type ResolvedEngineMockOptions,
  resolveEngineMockOptions,
} from './options.js';
export type { Random } from './random.js';
export type { KillOptions, TlsOptions } from './router/router.js';
export type {
  FieldInfo,
  PreparedQuery,
  ResultSource,
  SqlEngine,
  StatementText,
  TypedParameter,
} from './sql/query-source.js';
export type { SqlEngineOptions } from './sql/sql-engine-options.js';
export { SqlError } from './sql/sql-error.js';
export type { Phase } from './switching/switch-state.js';
export type { SwitchRequest } from './switching/switcher.js';
