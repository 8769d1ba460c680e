import type { MethodDefinition } from '@grpc/grpc-js';
import { type QueryEngineServiceCalls, queryEngineService } from '../protocol/index.js';
import type { UnaryService } from '../protocol/unary-method.js';
import type { RetryPlan } from '../recovery/plan.js';

/** An RPC of the engine: how it is sent, and what is done when it fails. */
export interface Rpc<Req, Res> {
  readonly method: MethodDefinition<Req, Res>;
  readonly deadline: 'prepare' | 'statement' | 'control';
  readonly plan: RetryPlan;
}

type Row = Omit<RetryPlan, 'rpc'>;

/** The rows of the table in engine-wire 4b. */
const READ_ANYWHERE: Row = { onMismatch: 'reroute', onDenied: 'renew', onLost: 'retry', onNotFound: 'fail' };
const EXECUTE: Row = { onMismatch: 'reprepare', onDenied: 'renew', onLost: 'fail', onNotFound: 'reprepare' };
const EXECUTE_AGAIN: Row = { ...EXECUTE, onLost: 'retry' };
const METADATA: Row = { onMismatch: 'gone', onDenied: 'renew-once', onLost: 'retry', onNotFound: 'gone' };
const BATCH: Row = { ...METADATA, onLost: 'fail' };
/** Nobody wakes a cluster in order to end a query there. */
const END: Row = { onMismatch: 'done', onDenied: 'renew', onLost: 'retry', onNotFound: 'done', wakes: false };

type Calls = QueryEngineServiceCalls;
type Call<Name extends keyof Calls> = Rpc<Calls[Name][0], Calls[Name][1]>;

const methods: UnaryService<Calls> = queryEngineService;

function rpc<Req, Res>(
  method: MethodDefinition<Req, Res>,
  deadline: Rpc<Req, Res>['deadline'],
  row: Row,
): Rpc<Req, Res> {
  return { method, deadline, plan: { rpc: method.path.slice(method.path.lastIndexOf('/') + 1), ...row } };
}

/** Every RPC that a connection or a cursor uses, but authenticate, which sessions send themselves. */
export const RPCS: {
  readonly prepare: Call<'prepareStatement'>;
  readonly prepareV2: Call<'prepareStatementV2'>;
  readonly execute: Call<'executeStatement'>;
  /** For queries that may run twice. */
  readonly executeAgain: Call<'executeStatement'>;
  readonly executeV2: Call<'executeStatementV2'>;
  readonly executeV2Again: Call<'executeStatementV2'>;
  readonly metadata: Call<'getResultMetadata'>;
  readonly batch: Call<'getNextResultBatch'>;
  readonly clear: Call<'clear'>;
  readonly clearOrCancel: Call<'clearOrCancelQuery'>;
  readonly cancel: Call<'cancelQuery'>;
  readonly status: Call<'status'>;
  readonly explain: Call<'explain'>;
  readonly explainAnalyze: Call<'explainAnalyze'>;
  readonly dryRun: Call<'dryRun'>;
  readonly schemas: Call<'getSchemaNamesV2'>;
  readonly tables: Call<'getTablesV2'>;
  readonly columns: Call<'getColumnsV2'>;
} = {
  prepare: rpc(methods.prepareStatement, 'prepare', READ_ANYWHERE),
  prepareV2: rpc(methods.prepareStatementV2, 'prepare', READ_ANYWHERE),
  execute: rpc(methods.executeStatement, 'statement', EXECUTE),
  executeAgain: rpc(methods.executeStatement, 'statement', EXECUTE_AGAIN),
  executeV2: rpc(methods.executeStatementV2, 'statement', EXECUTE),
  executeV2Again: rpc(methods.executeStatementV2, 'statement', EXECUTE_AGAIN),
  metadata: rpc(methods.getResultMetadata, 'statement', METADATA),
  batch: rpc(methods.getNextResultBatch, 'statement', BATCH),
  clear: rpc(methods.clear, 'control', END),
  clearOrCancel: rpc(methods.clearOrCancelQuery, 'control', END),
  cancel: rpc(methods.cancelQuery, 'control', END),
  status: rpc(methods.status, 'control', READ_ANYWHERE),
  explain: rpc(methods.explain, 'statement', READ_ANYWHERE),
  explainAnalyze: rpc(methods.explainAnalyze, 'statement', READ_ANYWHERE),
  dryRun: rpc(methods.dryRun, 'statement', READ_ANYWHERE),
  schemas: rpc(methods.getSchemaNamesV2, 'control', READ_ANYWHERE),
  tables: rpc(methods.getTablesV2, 'control', READ_ANYWHERE),
  columns: rpc(methods.getColumnsV2, 'control', READ_ANYWHERE),
};
