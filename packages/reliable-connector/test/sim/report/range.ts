import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SeedResult } from '../run-seed.js';
import { Coverage } from './coverage.js';
import { missingPaths, pathTable } from './path-table.js';
import { replayCommand } from './replay.js';

/** What a range of seeds showed. */
export interface RangeResult {
  readonly seeds: number;
  readonly broken: readonly SeedResult[];
  readonly coverage: Coverage;
  readonly virtualMs: number;
  readonly sagas: number;
  readonly events: number;
  readonly wallMs: number;
}

/** Seeds that one worker takes at a time. */
const BATCH = 10;

/** What the parent tells a worker, and the worker its parent. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** Runs every seed of the range, spread over child processes. */
export async function runRange(from: number, to: number, workers: number): Promise<RangeResult> {
  const started = performance.now();
  const coverage = new Coverage();
  const broken: SeedResult[] = [];
  const sum = { virtualMs: 0, sagas: 0, events: 0 };
  let next = from;
  const take = (): Batch | null => {
    if (next > to) return null;
    const batch = { from: next, to: Math.min(to, next + BATCH - 1) };
    next = batch.to + 1;
    return batch;
  };
  const add = (results: readonly SeedResult[]): void => {
    for (const result of results) {
      coverage.add(result.coverage);
      if (result.violations.length > 0) broken.push(result);
      sum.virtualMs += result.virtualMs;
      sum.sagas += result.sagas;
      sum.events += result.steps;
    }
  };
  await Promise.all(Array.from({ length: workers }, () => work(take, add)));
  broken.sort((one, other) => one.seed - other.seed);
  return { seeds: to - from + 1, broken, coverage, ...sum, wallMs: performance.now() - started };
}

/** One child process, fed with batches until none is left. */
function work(take: () => Batch | null, add: (results: readonly SeedResult[]) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./range-worker.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx', '--conditions=@holdfast/source'],
    });
    let current: Batch | null = null;
    const feed = (): void => {
      current = take();
      if (current === null) child.disconnect();
      else child.send(current);
    };
    child.on('message', (results: readonly SeedResult[]) => {
      add(results);
      feed();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (current === null) resolve();
      else
        reject(
          new Error(
            `the worker for the seeds ${current.from}..${current.to} ended early (${signal ?? code})`,
          ),
        );
    });
    feed();
  });
}

/** Prints the figures, the paths and what was broken. True: nothing was, and no path is missing. */
export function printRange(result: RangeResult): boolean {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  print(pathTable(result.coverage));
  print(figures(result));
  for (const { seed, violations } of result.broken) {
    for (const { invariant, text } of violations.slice(0, 3))
      print(`seed ${seed}: ${invariant} VIOLATED: ${text}`);
    print(`  replay it: ${replayCommand(seed)}`);
  }
  const missing = missingPaths(result.coverage, result.seeds);
  for (const path of missing) print(`not covered often enough: ${path}`);
  return result.broken.length === 0 && missing.length === 0;
}

/** One line of figures worth publishing. */
export function figures({ seeds, virtualMs, sagas, events, coverage, wallMs, broken }: RangeResult): string {
  const faults = Object.entries(coverage.toJSON())
    .filter(([key]) => key.startsWith('fault: ') && key !== 'fault: answered')
    .reduce((sum, [, count]) => sum + count, 0);
  return (
    `${seeds} seeds, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ${sagas} sagas, ${events} events, ${faults} faults, ` +
    `${broken.length} seeds with a violation, ${(wallMs / 1000).toFixed(1)} s`
  );
}
