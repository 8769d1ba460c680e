import type { EngineClient } from '../engine/engine-client.js';
import type { QueryLease } from '../engine/query-lease.js';
import { RPCS } from '../engine/rpcs.js';

/** Lets the engine forget a query, on its deployment. A query that is not there any more is a success. */
export async function clearLease(
  engine: EngineClient,
  lease: QueryLease,
  signal?: AbortSignal,
): Promise<void> {
  const { engineIP, queryId } = lease;
  await engine.leased(RPCS.clearOrCancel, lease, {
    request: (sessionId) => ({ engineIP, queryId, sessionId }),
    signal,
  });
}

/** Stops a query, on its deployment. A query that is not there any more is a success. */
export async function cancelLease(
  engine: EngineClient,
  lease: QueryLease,
  signal?: AbortSignal,
): Promise<void> {
  const { engineIP, queryId } = lease;
  await engine.leased(RPCS.cancel, lease, {
    request: (sessionId) => ({ engineIP, queryId, sessionId }),
    signal,
  });
}
