import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BenchError } from './bench-error.js';
import { isBuilt, ROOT } from './entries.js';

/** In the order in which they need each other. */
const MEMBERS = [
  'packages/reliable-connector',
  'packages/coordination',
  'packages/strategy-client',
  'apps/cluster-sim',
  'apps/engine-mock',
  'apps/job-cli',
] as const;

const run = promisify(execFile);
const COMPILER = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** Builds what is missing or older than its sources, and what stands on that. Throws `CHILD_FAILED`. */
export async function buildStale(signal: AbortSignal, say: (line: string) => void): Promise<void> {
  let stale = false;
  for (const member of MEMBERS) {
    stale ||= !(await isBuilt(member));
    if (!stale) continue;
    say(`building ${member}`);
    const config = join(ROOT, member, 'tsconfig.build.json');
    try {
      await run(process.execPath, [COMPILER, '-p', config], { cwd: ROOT, signal });
    } catch (cause) {
      throw new BenchError('CHILD_FAILED', `${member} cannot be built; see pnpm build`, { cause });
    }
  }
}
