import type * as m from './generated/engine.js';

/** The calls of QueryEngineService by name: request and response. */
export interface QueryEngineServiceCalls {
  readonly authenticate: readonly [m.AuthenticateRequest, m.AuthenticateResponse];
  readonly identifyPlanner: readonly [m.IdentifyPlannerRequest, m.IdentifyPlannerResponse];
  readonly prepareStatement: readonly [m.PrepareStatementRequest, m.PrepareStatementResponse];
  readonly prepareStatementV2: readonly [m.PrepareStatementV2Request, m.PrepareStatementResponse];
  readonly executeStatement: readonly [m.ExecuteStatementRequest, m.ExecuteStatementResponse];
  readonly executeStatementV2: readonly [m.ExecuteStatementV2Request, m.ExecuteStatementResponse];
  readonly getResultMetadata: readonly [m.GetResultMetadataRequest, m.GetResultMetadataResponse];
  readonly getDynamicParams: readonly [m.GetDynamicParamsRequest, m.GetDynamicParamsResponse];
  readonly getNextResultBatch: readonly [m.GetNextResultBatchRequest, m.GetNextResultBatchResponse];
  readonly explainAnalyze: readonly [m.ExplainAnalyzeRequest, m.ExplainAnalyzeResponse];
  readonly clear: readonly [m.ClearRequest, m.ClearResponse];
  readonly cancelQuery: readonly [m.CancelQueryRequest, m.CancelQueryResponse];
  readonly clearOrCancelQuery: readonly [m.ClearOrCancelQueryRequest, m.ClearOrCancelQueryResponse];
  readonly syncSchemas: readonly [m.SyncSchemaRequest, m.SyncSchemaResponse];
  readonly healthCheck: readonly [m.HealthCheckRequest, m.HealthCheckResponse];
  readonly analyzeQuery: readonly [m.AnalyzeQueryRequest, m.AnalyzeQueryResponse];
  readonly explain: readonly [m.ExplainRequest, m.ExplainResponse];
  readonly status: readonly [m.StatusRequest, m.StatusResponse];
  readonly addCatalogs: readonly [m.AddCatalogsRequest, m.AddCatalogsResponse];
  readonly refreshCatalogs: readonly [m.RefreshCatalogsRequest, m.RefreshCatalogsResponse];
  readonly getAddCatalogsResponse: readonly [m.GetAddCatalogsRequest, m.GetAddCatalogsResponse];
  readonly getCataloges: readonly [m.GetCatalogesRequest, m.GetCatalogesResponse];
  readonly getSchemaNames: readonly [m.GetSchemaNamesRequest, m.GetSchemaNamesResponse];
  readonly getSchemaNamesV2: readonly [m.GetSchemaNamesV2Request, m.GetSchemaNamesResponse];
  readonly getTables: readonly [m.GetTablesRequest, m.GetTablesResponse];
  readonly getTablesV2: readonly [m.GetTablesV2Request, m.GetTablesResponse];
  readonly getColumns: readonly [m.GetColumnsRequest, m.GetColumnsResponse];
  readonly getColumnsV2: readonly [m.GetColumnsV2Request, m.GetColumnsResponse];
  readonly updateUsers: readonly [m.UpdateUsersRequest, m.UpdateUsersResponse];
  readonly setProps: readonly [m.SetPropsRequest, m.SetPropsResponse];
  readonly dryRun: readonly [m.DryRunRequest, m.DryRunResponse];
  readonly dryRunV2: readonly [m.DryRunRequestV2, m.DryRunResponse];
  readonly getNextRemoteCachedChunk: readonly [m.RemoteChunkRequest, m.RemoteChunkResponse];
  readonly createDataFrame: readonly [m.CreateDataFrameRequest, m.CreateDataFrameResponse];
  readonly projectionOnDataFrame: readonly [m.ProjectionOnDataFrameRequest, m.ProjectionOnDataFrameResponse];
  readonly aggregateOnDataFrame: readonly [m.AggregateOnDataFrameRequest, m.AggregateOnDataFrameResponse];
  readonly filterOnDataFrame: readonly [m.FilterOnDataFrameRequest, m.FilterOnDataFrameResponse];
  readonly orderByOnDataFrame: readonly [m.OrderByOnDataFrameRequest, m.OrderByOnDataFrameResponse];
  readonly limitOnDataFrame: readonly [m.LimitOnDataFrameRequest, m.LimitOnDataFrameResponse];
  readonly executeDataFrame: readonly [m.ExecuteDataFrameRequest, m.ExecuteDataFrameResponse];
  readonly dropUserContext: readonly [m.DropUserContextRequest, m.DropUserContextResponse];
}

/** The calls of ClusterService by name: request and response. */
export interface ClusterServiceCalls {
  readonly resume: readonly [m.ResumeRequest, m.ResumeResponse];
  readonly suspend: readonly [m.SuspendRequest, m.SuspendResponse];
  readonly status: readonly [m.ClusterStatusRequest, m.ClusterStatusResponse];
}
