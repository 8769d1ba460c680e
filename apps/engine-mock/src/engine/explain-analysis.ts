import type { SqlEngine } from '../sql/query-source.js';
import type { Deployment } from './deployment.js';
import type { RunningQuery } from './running-query.js';

/** What `explainAnalyze` answers: the plan and what has come of it so far. Nothing is cached, parsed ahead or queued here. */
export function explainAnalysis(
  deployment: Deployment,
  sql: SqlEngine,
  query: RunningQuery,
): {
  readonly explainAnalyze: string;
  readonly isCached: boolean;
  readonly parsingTime: bigint;
  readonly queueingTime: bigint;
} {
  const rows = query.isExecuted ? query.result.rowCount : 0n;
  const delivered = query.isExecuted ? query.result.delivered : 0n;
  const analysis = {
    queryId: query.id,
    deployment: deployment.colour,
    query: query.statement.sql,
    executed: query.isExecuted,
    rows: String(rows),
    rowsDelivered: String(delivered),
    plan: sql.explain(query.statement).split('\n'),
  };
  return { explainAnalyze: JSON.stringify(analysis), isCached: false, parsingTime: 0n, queueingTime: 0n };
}
