import type {
  ConnectorOptions,
  CreateOptions,
  DeleteOptions,
  Outcome,
  RecoverReport,
  ReliableConnectorErrorCode,
  SagaEvents,
  SagaReport,
} from '@holdfast/reliable-connector';

/** Sends a signal to the worker itself at an exact place, which no outsider could hit. */
export interface Trigger {
  readonly event: keyof SagaEvents;
  /** Fields that the event must have (default: any). */
  readonly where?: Readonly<Record<string, unknown>>;
  /** The how manieth such event, from 1. */
  readonly nth: number;
  readonly signal: 'SIGSTOP' | 'SIGKILL';
}

/** How a worker opens its connector. It travels as JSON on the command line. */
export interface WorkerConfig
  extends Pick<ConnectorOptions, 'nodes' | 'deadlineMs' | 'maxServerLagMs' | 'retry'> {
  /** Path of the SQLite journal. */
  readonly journal: string;
  /** Opens it for this term of leadership; `abdicate` ends that (default: none). */
  readonly term?: number;
  readonly trigger?: Trigger;
}

/** What became of one create or delete. Times are of the host's monotonic clock, the same for all processes, in ms. */
export interface OperationEnd {
  readonly from: number;
  readonly to: number;
  /** Absent when the call threw. */
  readonly outcome?: Pick<Outcome, 'status' | 'reason' | 'direction' | 'sagaId'>;
  /** Code of what was thrown. */
  readonly error?: ReliableConnectorErrorCode | 'OTHER';
  readonly message?: string;
}

/** What a parent can ask of a worker, by name: arguments and answer. */
export interface WorkerCalls {
  create(groupId: string, options?: Omit<CreateOptions, 'signal'>): OperationEnd;
  delete(groupId: string, options?: Omit<DeleteOptions, 'signal'>): OperationEnd;
  recover(wait: boolean): RecoverReport;
  /** The unfinished sagas of the journal. */
  sagas(): readonly SagaReport[];
  /** Loses the leadership: the connector sends nothing more. */
  abdicate(): null;
  close(): null;
}

export interface Request {
  readonly call: number;
  readonly name: keyof WorkerCalls;
  readonly args: readonly unknown[];
}

/** From a worker to its parent. */
export type Message =
  | { readonly type: 'ready'; readonly journalId: string }
  | {
      readonly type: 'event';
      readonly event: keyof SagaEvents;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly call: number; readonly message: string };
