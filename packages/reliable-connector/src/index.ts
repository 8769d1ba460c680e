// Creating and deleting groups.
export { ReliableConnector } from './connector.js';
export type {
  BulkOptions,
  CreateOptions,
  DeleteOptions,
  OperationOptions,
  ReadOptions,
} from './connector.js';
export { openConnector } from './open-connector.js';
export type { ConnectorOptions, LimitOptions } from './options.js';
export type { ItemOutcome, NodeResult, Outcome, OutcomeReason, RejectReason } from './outcome.js';
export type {
  Difference,
  GroupReport,
  ParkedSaga,
  PlannedCall,
  RecoverReport,
  RepairItem,
  RepairOptions,
  SagaReport,
  StatsReport,
  VerifyReport,
} from './reports.js';

// Sagas of your own.
export { openSagaEngine, SagaEngine } from './saga/saga-engine.js';
export type { SagaEngineOptions, SagaRecovery, SagaRunOptions } from './saga/saga-engine.js';
export { done, notSent, refused, unknown } from './saga/saga-spec.js';
export type { SagaSpec, StepAnswer, StepCall, StepSpec } from './saga/saga-spec.js';

// What both tell and take.
export { ReliableConnectorError } from './errors.js';
export type { ReliableConnectorErrorCode } from './errors.js';
export type { SagaEvents } from './events.js';
export type { EngineOptions, RetryOptions } from './saga/engine-options.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { systemRandom } from './random.js';
export type { Random } from './random.js';
export type { Logger } from './logger.js';
export type { LockProvider } from './locks.js';
export type { NodeReply, NodeRequest, SendOptions, Transport } from './nodes/transport.js';
export type { Json } from './json.js';

// For those who write a journal. The durable one is the subpath `./journal/sqlite`.
export { createMemoryJournal } from './journal/memory/index.js';
export type { MemoryJournal } from './journal/memory/index.js';
export type {
  BeginInput,
  BeginResult,
  HotQuery,
  JoinOptions,
  Journal,
  JournalInfo,
  JournalSession,
  OpenSaga,
  SagaChange,
  SagaQuery,
  SagaRef,
} from './journal/journal.js';
export type {
  CatalogEntry,
  Direction,
  HotEntry,
  OwnerRecord,
  Parked,
  SagaPhase,
  SagaRecord,
  StepResult,
  TimelineEntry,
} from './journal/records.js';
