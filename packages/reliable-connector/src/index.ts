// For those who create and delete groups.

// What a connector can be given.
export type { Clock } from './clock.js';
export { systemClock } from './clock.js';
export type {
  BulkOptions,
  CreateOptions,
  DeleteOptions,
  OperationOptions,
  ReadOptions,
} from './connector.js';
export { ReliableConnector } from './connector.js';
export type { ReliableConnectorErrorCode } from './errors.js';
export { ReliableConnectorError } from './errors.js';
export type { SagaEvents } from './events.js';
export type {
  BeginInput,
  BeginResult,
  JoinOptions,
  Journal,
  JournalInfo,
  JournalSession,
  OpenSaga,
  SagaChange,
  SagaQuery,
  SagaRef,
} from './journal/journal.js';
export type { MemoryJournal } from './journal/memory/index.js';
// Journals: `./journal/sqlite` is the durable one.
export { createMemoryJournal } from './journal/memory/index.js';
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
export type { Json } from './json.js';
export type { LockProvider } from './locks.js';
export type { Logger } from './logger.js';
export type { NodeReply, NodeRequest, SendOptions, Transport } from './nodes/transport.js';
export { openConnector } from './open-connector.js';
export type { ConnectorOptions, LimitOptions, RetryOptions } from './options.js';
export type { ItemOutcome, NodeResult, Outcome, OutcomeReason, RejectReason } from './outcome.js';
export type { Random } from './random.js';
export { systemRandom } from './random.js';
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
