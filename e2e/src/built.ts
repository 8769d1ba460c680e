import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import { ROOT } from './app-process.js';
import { reportLine } from './report-line.js';

/** The built programs, by their paths from the root of the repository. */
export const BUILT = Object.freeze({
  clusterSim: 'apps/cluster-sim/dist/main.js',
  jobCli: 'apps/job-cli/dist/main.js',
});

/** In the order in which they need each other; with the file that shows when each was built last. */
const MEMBERS: readonly (readonly [folder: string, newest: string])[] = [
  ['packages/reliable-connector', 'dist/index.js'],
  ['packages/coordination', 'dist/index.js'],
  ['packages/strategy-client', 'dist/index.js'],
  ['apps/cluster-sim', 'dist/main.js'],
  ['apps/engine-mock', 'dist/main.js'],
  ['apps/job-cli', 'dist/main.js'],
];

/**
 * Builds what is missing or older than its sources, in the way of the members' own `build` scripts, so that tests of
 * the built output never look at an old one. Without a loader a program also starts in a third of the time.
 */
export async function buildIfStale(): Promise<void> {
  let stale = false;
  for (const [folder, newest] of MEMBERS) {
    // What stands on a member that was built anew may see other types.
    stale ||= (await builtAt(`${ROOT}/${folder}/${newest}`)) < (await changedAt(`${ROOT}/${folder}/src`));
    if (stale) await build(folder, newest);
  }
}

async function build(folder: string, newest: string): Promise<void> {
  reportLine(`e2e: building ${folder}`);
  const compiler = `${ROOT}/node_modules/typescript/bin/tsc`;
  const child = spawn(process.execPath, [compiler, '-p', `${ROOT}/${folder}/tsconfig.build.json`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code === 0) return;
  // The compiler writes its files in spite of errors; the next run must not take them for a good build.
  await rm(`${ROOT}/${folder}/${newest}`, { force: true });
  throw new Error(`building ${folder} ended with code ${code}; see the messages above`);
}

/** Ms since 1970; 0 when it has not been built. */
async function builtAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Ms since 1970 of the latest change below the folder. */
async function changedAt(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = entries.map(async (entry) => (await stat(`${entry.parentPath}/${entry.name}`)).mtimeMs);
  return Math.max(...(await Promise.all(times)));
}
