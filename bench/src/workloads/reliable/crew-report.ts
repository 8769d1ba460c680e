import { merged, percentile } from '../../harness/stats.js';
import type { CallersReport } from './worker-protocol.js';

/** A round whose bare side has a longer event loop delay than this (p99, ms) tells of the machine, not of the code. */
export const LONGEST_BARE_DELAY_MS = 25;

/** One side of one round, over all processes. */
export interface CrewReport {
  readonly sagasPerSecond: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the process that has the longest. */
  readonly loopDelayP99Ms: number;
  /** Sagas of the slowest process by those of the fastest. */
  readonly fairness: number;
  /** CPU time of the processes, without the server, per saga. */
  readonly cpuUsPerSaga: number;
  /** CPU time of the server per saga; NaN where the system does not tell. */
  readonly serverCpuUsPerSaga: number;
}

/** Many processes as one. `serverCpuUs`: what the server took meanwhile. */
export function combine(reports: readonly CallersReport[], serverCpuUs: number = Number.NaN): CrewReport {
  const latencies = merged(reports.map((one) => one.latenciesMs));
  const rates = reports.map((one) => (one.completed / one.elapsedMs) * 1000);
  const completed = reports.reduce((sum, one) => sum + one.completed, 0);
  return {
    sagasPerSecond: rates.reduce((sum, rate) => sum + rate, 0),
    failed: reports.reduce((sum, one) => sum + one.failed, 0),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    loopDelayP99Ms: Math.max(...reports.map((one) => one.loopDelayP99Ms)),
    fairness: Math.min(...rates) / Math.max(...rates),
    serverCpuUsPerSaga: serverCpuUs / completed,
    cpuUsPerSaga: reports.reduce((sum, one) => sum + one.cpuUs, 0) / completed,
  };
}
