import { nowMs } from '../../../harness/clock.js';
import type { Round } from '../../../harness/rounds.js';
import type { Locker, OpenContender } from '../contenders/contender.js';
import type { PairsOrder, PairsReport } from './protocol.js';

interface Tally {
  readonly lockers: readonly Locker[];
  readonly latencies: number[];
  elapsedMs: number;
  cpuUs: number;
}

let orders = 0;

/**
 * Acquire and release, again and again. The contenders take turns in slices of some tens of milliseconds, A B C, then
 * C B A: what disturbs one disturbs the others as well.
 */
export async function runPairs<C extends string>(
  o: PairsOrder<C>,
  open: (contender: C) => Promise<OpenContender>,
): Promise<Round<PairsReport>> {
  orders += 1;
  const tallies = new Map<C, Tally>();
  for (const contender of o.contenders) {
    const opened = await open(contender);
    const lockers = Array.from({ length: o.callers }, (_, n) => opened.locker(`pair-${orders}-${n}`));
    tallies.set(contender, { lockers, latencies: [], elapsedMs: 0, cpuUs: 0 });
  }
  const inTurn = [...tallies.values()];
  for (let slice = 0; slice < o.slices; slice += 1) {
    for (const tally of inTurn) await runSlice(tally, o.pairsPerSlice);
    inTurn.reverse();
  }
  return Object.fromEntries([...tallies].map(([contender, tally]) => [contender, report(tally)]));
}

async function runSlice(tally: Tally, pairs: number): Promise<void> {
  const { lockers, latencies } = tally;
  async function caller(locker: Locker): Promise<void> {
    for (let n = 0; n < pairs; n += 1) {
      const begunAt = nowMs();
      if (!(await locker.acquire())) throw new Error('a lock that nobody holds was refused');
      await locker.release();
      latencies.push(nowMs() - begunAt);
    }
  }
  const cpuBefore = process.cpuUsage();
  const startedAt = nowMs();
  await Promise.all(lockers.map(caller));
  tally.elapsedMs += nowMs() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  tally.cpuUs += user + system;
}

function report({ latencies, elapsedMs, cpuUs }: Tally): PairsReport {
  return { pairs: latencies.length, elapsedMs, cpuUs, latenciesMs: Float64Array.from(latencies) };
}
