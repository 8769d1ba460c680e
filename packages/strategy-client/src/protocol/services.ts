import type { ServiceDefinition } from '@grpc/grpc-js';
import type { ClusterServiceCalls, QueryEngineServiceCalls } from './calls.js';
import * as m from './generated/engine.js';
import { defineUnary, type UnaryServer, type UnaryService } from './unary-method.js';

const query = defineUnary('QueryEngineService');
const cluster = defineUnary('ClusterService');

/** For a server (`addService`) and for a stub (`makeGenericClientConstructor`, or `makeUnaryRequest` of any client). */
export const queryEngineService: UnaryService<QueryEngineServiceCalls> &
  ServiceDefinition<UnaryServer<QueryEngineServiceCalls>> = {
  authenticate: query('authenticate', m.AuthenticateRequest, m.AuthenticateResponse),
  identifyPlanner: query('identifyPlanner', m.IdentifyPlannerRequest, m.IdentifyPlannerResponse),
  prepareStatement: query('prepareStatement', m.PrepareStatementRequest, m.PrepareStatementResponse),
  prepareStatementV2: query('prepareStatementV2', m.PrepareStatementV2Request, m.PrepareStatementResponse),
  executeStatement: query('executeStatement', m.ExecuteStatementRequest, m.ExecuteStatementResponse),
  executeStatementV2: query('executeStatementV2', m.ExecuteStatementV2Request, m.ExecuteStatementResponse),
  getResultMetadata: query('getResultMetadata', m.GetResultMetadataRequest, m.GetResultMetadataResponse),
  getDynamicParams: query('getDynamicParams', m.GetDynamicParamsRequest, m.GetDynamicParamsResponse),
  getNextResultBatch: query('getNextResultBatch', m.GetNextResultBatchRequest, m.GetNextResultBatchResponse),
  explainAnalyze: query('explainAnalyze', m.ExplainAnalyzeRequest, m.ExplainAnalyzeResponse),
  clear: query('clear', m.ClearRequest, m.ClearResponse),
  cancelQuery: query('cancelQuery', m.CancelQueryRequest, m.CancelQueryResponse),
  clearOrCancelQuery: query('clearOrCancelQuery', m.ClearOrCancelQueryRequest, m.ClearOrCancelQueryResponse),
  syncSchemas: query('syncSchemas', m.SyncSchemaRequest, m.SyncSchemaResponse),
  healthCheck: query('healthCheck', m.HealthCheckRequest, m.HealthCheckResponse),
  analyzeQuery: query('analyzeQuery', m.AnalyzeQueryRequest, m.AnalyzeQueryResponse),
  explain: query('explain', m.ExplainRequest, m.ExplainResponse),
  status: query('status', m.StatusRequest, m.StatusResponse),
  addCatalogs: query('addCatalogs', m.AddCatalogsRequest, m.AddCatalogsResponse),
  refreshCatalogs: query('refreshCatalogs', m.RefreshCatalogsRequest, m.RefreshCatalogsResponse),
  getAddCatalogsResponse: query('getAddCatalogsResponse', m.GetAddCatalogsRequest, m.GetAddCatalogsResponse),
  getCataloges: query('getCataloges', m.GetCatalogesRequest, m.GetCatalogesResponse),
  getSchemaNames: query('getSchemaNames', m.GetSchemaNamesRequest, m.GetSchemaNamesResponse),
  getSchemaNamesV2: query('getSchemaNamesV2', m.GetSchemaNamesV2Request, m.GetSchemaNamesResponse),
  getTables: query('getTables', m.GetTablesRequest, m.GetTablesResponse),
  getTablesV2: query('getTablesV2', m.GetTablesV2Request, m.GetTablesResponse),
  getColumns: query('getColumns', m.GetColumnsRequest, m.GetColumnsResponse),
  getColumnsV2: query('getColumnsV2', m.GetColumnsV2Request, m.GetColumnsResponse),
  updateUsers: query('updateUsers', m.UpdateUsersRequest, m.UpdateUsersResponse),
  setProps: query('setProps', m.SetPropsRequest, m.SetPropsResponse),
  dryRun: query('dryRun', m.DryRunRequest, m.DryRunResponse),
  dryRunV2: query('dryRunV2', m.DryRunRequestV2, m.DryRunResponse),
  getNextRemoteCachedChunk: query('getNextRemoteCachedChunk', m.RemoteChunkRequest, m.RemoteChunkResponse),
  createDataFrame: query('createDataFrame', m.CreateDataFrameRequest, m.CreateDataFrameResponse),
  projectionOnDataFrame: query(
    'projectionOnDataFrame',
    m.ProjectionOnDataFrameRequest,
    m.ProjectionOnDataFrameResponse,
  ),
  aggregateOnDataFrame: query(
    'aggregateOnDataFrame',
    m.AggregateOnDataFrameRequest,
    m.AggregateOnDataFrameResponse,
  ),
  filterOnDataFrame: query('filterOnDataFrame', m.FilterOnDataFrameRequest, m.FilterOnDataFrameResponse),
  orderByOnDataFrame: query('orderByOnDataFrame', m.OrderByOnDataFrameRequest, m.OrderByOnDataFrameResponse),
  limitOnDataFrame: query('limitOnDataFrame', m.LimitOnDataFrameRequest, m.LimitOnDataFrameResponse),
  executeDataFrame: query('executeDataFrame', m.ExecuteDataFrameRequest, m.ExecuteDataFrameResponse),
  dropUserContext: query('dropUserContext', m.DropUserContextRequest, m.DropUserContextResponse),
};

/** Suspending and resuming the cluster; the router serves it also while the cluster is suspended. */
export const clusterService: UnaryService<ClusterServiceCalls> &
  ServiceDefinition<UnaryServer<ClusterServiceCalls>> = {
  resume: cluster('resume', m.ResumeRequest, m.ResumeResponse),
  suspend: cluster('suspend', m.SuspendRequest, m.SuspendResponse),
  status: cluster('status', m.ClusterStatusRequest, m.ClusterStatusResponse),
};

/** A call of the engine. */
export type QueryEngineMethod = keyof QueryEngineServiceCalls;
/** A call of the cluster service. */
export type ClusterMethod = keyof ClusterServiceCalls;

/** All calls of the engine, in the order of engine.proto. */
export const QUERY_ENGINE_METHODS: readonly QueryEngineMethod[] = Object.keys(
  queryEngineService,
) as QueryEngineMethod[];
/** All calls of the cluster service. */
export const CLUSTER_METHODS: readonly ClusterMethod[] = Object.keys(clusterService) as ClusterMethod[];
