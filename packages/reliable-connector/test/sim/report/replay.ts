import { runSeed } from '../run-seed.js';
import { Trace } from '../world/trace.js';

/** The command that lives through one seed again. */
export function replayCommand(seed: number): string {
  return `pnpm sim --seed ${seed} --verbose`;
}

/** Replays one seed and prints it. True: nothing was broken. */
export async function printSeed(seed: number, verbose: boolean): Promise<boolean> {
  const trace = new Trace('lines');
  const result = await runSeed(seed, trace);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (verbose) for (const line of trace.lines) print(line);
  for (const { invariant, at, text } of result.violations)
    print(`${invariant} VIOLATED at ${(at / 1000).toFixed(3)} s: ${text}`);
  print(
    `seed ${seed}: ${result.sagas} sagas, ${result.steps} events, ${(result.virtualMs / 1000).toFixed(1)} virtual s, ` +
      `${result.violations.length} violations, trace ${result.digest}`,
  );
  return result.violations.length === 0;
}
