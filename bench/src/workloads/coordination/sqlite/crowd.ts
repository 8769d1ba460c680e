import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostMs } from '../../../harness/clock.js';
import type { BenchContext } from '../../../harness/context.js';
import { bar, type Measurement } from '../../../harness/results.js';
import { median, spread } from '../../../harness/stats.js';
import type { Worker } from '../../../harness/worker.js';
import type { Part } from '../part.js';
import type { SqliteWorker } from './protocol.js';

export interface CrowdSizes {
  readonly processes: number;
  readonly rounds: number;
  readonly durationMs: number;
}

const LEAST_FAIRNESS = 0.25;
/** Until every process has heard that it is to begin. */
const START_AFTER_MS = 100;

interface CrowdRound {
  readonly grants: readonly number[];
  /** What the file has counted by what the processes have. */
  readonly kept: number;
  /** Grants by distinct fencing tokens; 1 unless one was given twice. */
  readonly fencesOnce: boolean;
}

/** Some processes on one lock that guards a counter in a file: nothing may be lost, nobody may starve. */
export async function benchCrowd(
  context: BenchContext,
  workers: readonly Worker<SqliteWorker>[],
  { folder, rounds, durationMs }: Pick<CrowdSizes, 'rounds' | 'durationMs'> & { readonly folder: string },
): Promise<Part> {
  const { say, signal } = context;
  say(`coordination: ${rounds} rounds of ${workers.length} processes on one lock on sqlite`);
  const done: CrowdRound[] = [];
  for (let n = 0; n < rounds; n += 1) {
    signal.throwIfAborted();
    done.push(
      await runRound(workers, { lock: `crowd-${n}`, counterFile: join(folder, `counter-${n}`), durationMs }),
    );
  }
  const fairness = done.map(({ grants }) => Math.min(...grants) / Math.max(...grants));
  const rates = done.map(({ grants }) => (sum(grants) / durationMs) * 1000);
  const kept = Math.min(...done.map((round) => round.kept));
  const id = `coordination.sqlite.crowd-${workers.length}`;
  const what = `sqlite: ${workers.length} processes on one lock`;
  const least = Math.min(...fairness);
  const measurements: Measurement[] = [
    {
      id: `${id}.grants`,
      what: `${what}, grants`,
      unit: 'grants/s',
      value: median(rates),
      spread: spread(rates),
    },
    {
      id: `${id}.fairness`,
      what: `${what}, slowest process by fastest, worst round`,
      unit: '',
      value: least,
      spread: spread(fairness),
      bar: bar('atLeast', LEAST_FAIRNESS, 'value', least),
    },
    {
      id: `${id}.kept`,
      what: `${what}, counts kept of those made`,
      unit: '',
      value: kept,
      bar: bar('atLeast', 1, 'value', kept),
    },
  ];
  const twice = done.some((round) => !round.fencesOnce);
  return {
    measurements,
    notes: [
      `${what}: ${rounds} rounds of ${durationMs} ms; grants by process: ${done.map(({ grants }) => grants.join(' ')).join('; ')}`,
      ...(twice ? ['DOUBTFUL: a fencing token was given twice or went back within a process'] : []),
    ],
  };
}

async function runRound(
  workers: readonly Worker<SqliteWorker>[],
  o: { readonly lock: string; readonly counterFile: string; readonly durationMs: number },
): Promise<CrowdRound> {
  await writeFile(o.counterFile, '0');
  const order = { ...o, startAtMs: hostMs() + START_AFTER_MS };
  const reports = await Promise.all(workers.map((worker) => worker.call('crowd', order)));
  const grants = reports.map(({ fences }) => fences.length);
  const all = reports.flatMap(({ fences }) => [...fences]);
  const inOrder = reports.every(({ fences }) =>
    fences.every((fence, n) => n === 0 || fence > (fences[n - 1] ?? 0n)),
  );
  return {
    grants,
    kept: Number(await readFile(o.counterFile, 'utf8')) / sum(grants),
    fencesOnce: inOrder && new Set(all).size === all.length,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
