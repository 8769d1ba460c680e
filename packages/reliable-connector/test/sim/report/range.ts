import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../../../../../tooling/from-source/flags.js';
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

/** A seed that takes longer has hung: code that never comes to rest, so that virtual time cannot move. */
const HANG_MS = 20_000;

/** Runs every seed of the range, spread over child processes. */
export async function runRange(from: number, to: number, workers: number): Promise<RangeResult> {
  const started = performance.now();
  const coverage = new Coverage();
  const broken: SeedResult[] = [];
  const sum = { virtualMs: 0, sagas: 0, events: 0 };
  let next = from;
  const add = (result: SeedResult): void => {
    coverage.add(result.coverage);
    if (result.violations.length > 0) broken.push(result);
    sum.virtualMs += result.virtualMs;
    sum.sagas += result.sagas;
    sum.events += result.steps;
  };
  const work = async (): Promise<void> => {
    while (next <= to) await runChild(() => (next <= to ? next++ : null), add);
  };
  await Promise.all(Array.from({ length: workers }, work));
  broken.sort((one, other) => one.seed - other.seed);
  return { seeds: to - from + 1, broken, coverage, ...sum, wallMs: performance.now() - started };
}

/** One child process, fed with seeds until none is left or one makes it hang or die. */
function runChild(take: () => number | null, add: (result: SeedResult) => void): Promise<void> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./range-worker.ts', import.meta.url)), {
      execArgv: [...FROM_SOURCE],
    });
    let seed: number | null = null;
    let watchdog: NodeJS.Timeout | undefined;
    const feed = (): void => {
      clearTimeout(watchdog);
      seed = take();
      if (seed === null) {
        child.disconnect();
        return;
      }
      watchdog = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
      child.send(seed);
    };
    child.on('message', (result: SeedResult) => {
      add(result);
      feed();
    });
    child.on('exit', (code, signal) => {
      clearTimeout(watchdog);
      if (seed !== null) add(brokenRun(seed, `the process ended early, by ${signal ?? `code ${code}`}`));
      resolve();
    });
    feed();
  });
}

/** A seed whose run broke off: its process hung or died, or it threw. */
export function brokenRun(seed: number, text: string): SeedResult {
  const violations = [{ invariant: 'X' as const, at: 0, text }];
  return { seed, violations, coverage: {}, virtualMs: 0, steps: 0, sagas: 0, digest: '' };
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
