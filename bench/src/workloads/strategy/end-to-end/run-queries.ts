import { nowMs, pause } from '../../../harness/clock.js';
import type { Round } from '../../../harness/rounds.js';
import type { Querier, QueriesOrder, QueriesReport } from './protocol.js';

export type RunQuery = () => Promise<void>;

interface Tally {
  readonly run: RunQuery;
  readonly latencies: number[];
  elapsedMs: number;
  cpuUs: number;
}

/** Until the clears that nobody waits for have been answered: they are of this slice, not of the next one. */
const SETTLE_MS = 10;

/** All queriers in turn, slice by slice: A B A, then back. */
export async function runQueries(
  o: QueriesOrder,
  queries: Readonly<Record<Querier, RunQuery>>,
): Promise<Round<QueriesReport>> {
  const tallies = new Map<Querier, Tally>();
  for (const querier of o.queriers)
    tallies.set(querier, { run: queries[querier], latencies: [], elapsedMs: 0, cpuUs: 0 });
  const inTurn = [...tallies.values()];
  for (let slice = 0; slice < o.slices; slice += 1) {
    for (const tally of inTurn) await runSlice(tally, o);
    // Each of the two bare ones comes first as often as the other.
    inTurn.reverse();
  }
  return Object.fromEntries([...tallies].map(([querier, tally]) => [querier, report(tally)]));
}

async function runSlice(tally: Tally, { callers, queriesPerSlice }: QueriesOrder): Promise<void> {
  const { run, latencies } = tally;
  async function caller(): Promise<void> {
    for (let n = 0; n < queriesPerSlice; n += 1) {
      const begunAt = nowMs();
      await run();
      latencies.push(nowMs() - begunAt);
    }
  }
  const cpuBefore = process.cpuUsage();
  const startedAt = nowMs();
  await Promise.all(Array.from({ length: callers }, caller));
  tally.elapsedMs += nowMs() - startedAt;
  await pause(SETTLE_MS);
  const { user, system } = process.cpuUsage(cpuBefore);
  tally.cpuUs += user + system;
}

function report({ latencies, elapsedMs, cpuUs }: Tally): QueriesReport {
  return { queries: latencies.length, elapsedMs, cpuUs, latenciesMs: Float64Array.from(latencies) };
}
