import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FROM_SOURCE } from '../../../tooling/from-source/flags.js';
import { BenchError } from '../harness/bench-error.js';
import { childEnv } from '../harness/child-env.js';
import type { LoadGenerator, LoadOrder, LoadReport } from './load.js';

const run = promisify(execFile);
const fileHere = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * wrk where it is installed: in C, so that on few cores it takes the least from the server that it loads. One thread,
 * since the servers have one as well. It counts in whole seconds.
 */
const wrk: LoadGenerator = {
  name: 'wrk, 1 thread',
  run(o) {
    const seconds = Math.max(1, Math.round(o.durationMs / 1000));
    const flags = ['-t1', `-c${o.connections}`, `-d${seconds}s`, '-s', fileHere('./mix.lua')];
    return generate('wrk', [...flags, o.url, '--', o.prefix], o);
  },
};

/** The generator in undici, in a process of its own. Slower than wrk, so it may be the bound and flatter the ratio. */
const undici: LoadGenerator = {
  name: 'own generator on undici (install wrk for a lighter one)',
  run(o) {
    const script = [...FROM_SOURCE, fileHere('./undici-load.ts')];
    return generate(
      process.execPath,
      [...script, o.url, String(o.connections), String(o.durationMs), o.prefix],
      o,
    );
  },
};

/** The lightest generator that this machine has. */
export async function chooseGenerator(): Promise<LoadGenerator> {
  // `wrk -v` prints its version and ends with 1.
  const missing = await run('wrk', ['-v']).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
  return missing ? undici : wrk;
}

/** The generator of the fallback, for its test. */
export const fallbackGenerator: LoadGenerator = undici;

async function generate(file: string, args: readonly string[], o: LoadOrder): Promise<LoadReport> {
  const { stdout } = await run(file, args, { env: childEnv(), signal: o.signal });
  const line = stdout.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new BenchError('CHILD_FAILED', `${file} gave no figures: ${stdout}`);
  // Written by mix.lua or undici-load.ts, whose form is known.
  return JSON.parse(line) as LoadReport;
}
