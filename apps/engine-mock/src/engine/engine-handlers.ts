import { type handleUnaryCall, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { QUERY_ENGINE_METHODS, type QueryEngineServiceCalls } from '@holdfast/strategy-client/protocol';
import { encodeMetadata } from '@holdfast/strategy-client/wire';
import type { Colour } from '../colour.js';
import type { SqlEngine, StatementText } from '../sql/query-source.js';
import type { CredentialCheck } from './credentials.js';
import type { Deployment } from './deployment.js';
import { explainAnalysis } from './explain-analysis.js';
import { GrpcFailure, statusOf } from './grpc-failure.js';

/** What the calls of one deployment work on. */
export interface EngineContext {
  readonly deployment: Deployment;
  readonly sql: SqlEngine;
  readonly credentials: CredentialCheck;
  /** The colour that replies announce. */
  readonly announced: () => Colour | undefined;
  /** Whether this deployment takes the call; phases may have changed since the router let it through. */
  readonly accepts: (rpc: string) => boolean;
  /** Told of a call that is not taken. */
  readonly mismatched: (rpc: string) => void;
  readonly authenticated: () => void;
  readonly executed: (text: string) => void;
  /** Whether this batch is to be cut. */
  readonly truncates: () => boolean;
}

type Calls = QueryEngineServiceCalls;
type Request<M extends keyof Calls> = Calls[M][0];
type Response<M extends keyof Calls> = Calls[M][1];

/** What the engine does: the calls that connections and cursors need. */
type Work = {
  readonly [M in keyof Calls]?: (request: Request<M>) => Response<M>;
};

/** Handlers of every call of the engine; those that it does not have answer UNIMPLEMENTED. */
export function engineHandlers(context: EngineContext): UntypedServiceImplementation {
  const work = engineWork(context);
  const handlers: UntypedServiceImplementation = {};
  for (const rpc of QUERY_ENGINE_METHODS) {
    const does = work[rpc] as ((request: unknown) => unknown) | undefined;
    handlers[rpc] = answer(rpc, context, does ?? (() => unimplemented(rpc)));
  }
  return handlers;
}

function answer(
  rpc: string,
  context: EngineContext,
  does: (request: unknown) => unknown,
): handleUnaryCall<unknown, unknown> {
  return (call, callback) => {
    // A client that has gone by now did not want it done.
    if (call.cancelled) return;
    try {
      if (!context.accepts(rpc)) {
        context.mismatched(rpc);
        throw wrongStrategy(context.deployment.colour);
      }
      callback(null, does(call.request));
    } catch (error) {
      callback(statusOf(error));
    }
  };
}

function unimplemented(rpc: string): never {
  throw new GrpcFailure(
    status.UNIMPLEMENTED,
    `this engine has no ${rpc}; it has what connections and cursors call`,
  );
}

/** Where the router has let a call through in the last moment. */
const wrongStrategy = (colour: Colour): GrpcFailure =>
  new GrpcFailure(status.UNKNOWN, `${colour} does not take this call any more, status: 456`);

function engineWork(context: EngineContext): Work {
  return { ...sessionWork(context), ...queryWork(context), ...catalogWork(context) };
}

/** What every reply of an open session carries. */
function replies({ deployment, announced }: EngineContext): (sessionId: string) => {
  readonly sessionId: string;
  readonly newStrategy: Colour | undefined;
} {
  return (sessionId) => {
    deployment.checkSession(sessionId);
    return { sessionId, newStrategy: announced() };
  };
}

function sessionWork(context: EngineContext): Work {
  const { deployment, credentials, announced } = context;
  return {
    authenticate({ user, password }) {
      credentials.check(user, password);
      context.authenticated();
      return {
        sessionId: deployment.openSession(),
        newStrategy: announced(),
        engineIP: deployment.engineIP,
      };
    },
  };
}

function queryWork(context: EngineContext): Work {
  const { deployment, sql } = context;
  const reply = replies(context);
  const prepare = (sessionId: string, statement: StatementText): Response<'prepareStatement'> => {
    const common = reply(sessionId);
    const query = deployment.open(statement, sql.prepare(statement));
    return { ...common, engineIP: deployment.engineIP, queryId: query.id };
  };
  const execute: Work['executeStatementV2'] = ({ sessionId, queryId, params }) => {
    const common = reply(sessionId);
    const query = deployment.query(queryId);
    query.execute(params);
    context.executed(query.statement.sql);
    return common;
  };
  const end = ({ sessionId, queryId }: Request<'clear'>): Response<'clear'> => {
    const common = reply(sessionId);
    deployment.end(queryId);
    return common;
  };
  return {
    prepareStatement: ({ sessionId, queryString, schema }) =>
      prepare(sessionId, { sql: queryString, schema, catalog: '' }),
    prepareStatementV2: ({ sessionId, queryString, schema, catalog }) =>
      prepare(sessionId, { sql: queryString, schema, catalog }),
    executeStatement: (request) => execute({ ...request, params: [] }),
    executeStatementV2: execute,
    getResultMetadata({ sessionId, queryId }) {
      const common = reply(sessionId);
      const { columns, rowCount } = deployment.query(queryId).result;
      return { ...common, resultMetaData: encodeMetadata({ rowCount, columns: [...columns] }) };
    },
    getNextResultBatch({ sessionId, queryId }) {
      const common = reply(sessionId);
      const batch = deployment.query(queryId).result.nextBatch();
      const isCut = batch.length > 0 && context.truncates();
      return { ...common, resultBatch: isCut ? batch.subarray(0, batch.length >> 1) : batch };
    },
    clear: end,
    clearOrCancelQuery: end,
    cancelQuery: end,
    status({ sessionId, queryId }) {
      const common = reply(sessionId);
      const query = deployment.query(queryId);
      return { ...common, status: query.isExecuted, rowCount: query.isExecuted ? query.result.rowCount : 0n };
    },
    explain({ sessionId, queryId }) {
      const common = reply(sessionId);
      return { ...common, explain: sql.explain(deployment.query(queryId).statement) };
    },
    explainAnalyze({ sessionId, queryId }) {
      const common = reply(sessionId);
      return { ...common, ...explainAnalysis(deployment, sql, deployment.query(queryId)) };
    },
    dryRun({ sessionId, schema, queryString }) {
      reply(sessionId);
      return { dryrunValue: sql.dryRun({ sql: queryString, schema, catalog: '' }) };
    },
    dryRunV2({ sessionId, schema, catalog, queryString }) {
      reply(sessionId);
      return { dryrunValue: sql.dryRun({ sql: queryString, schema, catalog }) };
    },
  };
}

function catalogWork(context: EngineContext): Work {
  const { sql } = context;
  const reply = replies(context);
  const schemas: Work['getSchemaNamesV2'] = ({ sessionId, catalog }) => ({
    ...reply(sessionId),
    schemas: [...sql.schemas(catalog)],
  });
  const tables: Work['getTablesV2'] = ({ sessionId, catalog, schema }) => ({
    ...reply(sessionId),
    tables: [...sql.tables({ catalog, schema })],
  });
  const columns: Work['getColumnsV2'] = ({ sessionId, catalog, schema, table }) => ({
    ...reply(sessionId),
    fieldInfo: [...sql.columns({ catalog, schema, table })],
  });
  return {
    getSchemaNames: (request) => schemas({ ...request, catalog: '' }),
    getSchemaNamesV2: schemas,
    getTables: (request) => tables({ ...request, catalog: '' }),
    getTablesV2: tables,
    getColumns: (request) => columns({ ...request, catalog: '' }),
    getColumnsV2: columns,
  };
}
