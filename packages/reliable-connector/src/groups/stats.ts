import { isDeepStrictEqual } from 'node:util';
import { sleep } from '../clock.js';
import { ReliableConnectorError } from '../errors.js';
import { backoffMs } from '../nodes/backoff.js';
import type { StatsReport } from '../reports.js';
import { type GroupContext, readBounds } from './context.js';

/**
 * The origin's statistics (4.10): any node may answer for all. One reading is not atomic, so the cluster is called
 * inconsistent only if two readings agree. Throws `NODES_UNREACHABLE` when no node answers within the deadline.
 */
export async function stats(
  context: GroupContext,
  o: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
): Promise<StatsReport> {
  const { clock, random } = context.engine;
  const deadlineAt = clock.monotonic() + o.deadlineMs;
  let last: StatsReport | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const reading = await oneReading(context, deadlineAt, o.signal);
    if (reading && (reading.consistent || isDeepStrictEqual(reading, last))) return reading;
    last = reading ?? last;
    const left = deadlineAt - clock.monotonic();
    if (left <= 0 || o.signal?.aborted) break;
    await sleep(clock, Math.min(left, backoffMs(attempt, context.options.retry, random)), o.signal);
  }
  // A second look that differs from the first decides nothing, but it is what there is.
  if (last) return last;
  throw new ReliableConnectorError(
    'NODES_UNREACHABLE',
    `no node told its statistics within ${o.deadlineMs} ms: ${context.clients.map((client) => `${client.name} ${client.url}`).join(', ')}`,
  );
}

async function oneReading(
  context: GroupContext,
  deadlineAt: number,
  signal?: AbortSignal,
): Promise<StatsReport | null> {
  for (const client of context.clients) {
    context.engine.assertOpen();
    const reading = await client.stats(readBounds(context, deadlineAt, signal));
    if (reading) return reading;
  }
  return null;
}
