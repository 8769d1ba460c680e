import type { EngineClient } from '../engine/engine-client.js';
import type { QueryLease } from '../engine/query-lease.js';
import { RPCS, type Rpc } from '../engine/rpcs.js';
import { DeploymentGoneError } from '../errors.js';

/** What the engine tells of how a query ran. */
export interface ExplainAnalysis {
  readonly isCached: boolean;
  /** As the engine counts it. */
  readonly parsingTime: number;
  /** As the engine counts it. */
  readonly queuingTime: number;
  /** The planner's account, as the JSON text that the engine sends. */
  readonly planner: string;
}

/** How far a query is. */
export interface QueryStatus {
  /** Whether it has finished. */
  readonly status: boolean;
  readonly rowCount: bigint;
}

interface OfQuery {
  readonly engineIP: string;
  readonly sessionId: string;
  readonly queryId: string;
}

export async function explain(
  engine: EngineClient,
  lease: QueryLease,
  signal?: AbortSignal,
): Promise<string> {
  return (await ask(engine, RPCS.explain, lease, signal)).explain;
}

export async function explainAnalyze(
  engine: EngineClient,
  lease: QueryLease,
  signal?: AbortSignal,
): Promise<ExplainAnalysis> {
  const answer = await ask(engine, RPCS.explainAnalyze, lease, signal);
  return {
    isCached: answer.isCached,
    parsingTime: Number(answer.parsingTime),
    queuingTime: Number(answer.queueingTime),
    planner: answer.explainAnalyze,
  };
}

export async function status(
  engine: EngineClient,
  lease: QueryLease,
  signal?: AbortSignal,
): Promise<QueryStatus> {
  const answer = await ask(engine, RPCS.status, lease, signal);
  return { status: answer.status, rowCount: BigInt(answer.rowCount) };
}

async function ask<Res>(
  engine: EngineClient,
  rpc: Rpc<OfQuery, Res>,
  lease: QueryLease,
  signal: AbortSignal | undefined,
): Promise<Res> {
  const { engineIP, queryId, strategy } = lease;
  const outcome = await engine.leased(rpc, lease, {
    request: (sessionId) => ({ engineIP, queryId, sessionId }),
    signal,
  });
  if (outcome.kind === 'ok') return outcome.value;
  throw new DeploymentGoneError({ strategy, rpc: rpc.plan.rpc, rowsDelivered: 0, cause: outcome.cause });
}
