import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ClusterSim, startClusterSim } from '@holdfast/cluster-sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository, snippetsOf } from './snippets.js';

/** Inside this member, so that the snippets' imports resolve as a user's would. */
const scratch = join(repository, 'docs', '.snippets', 'readmes');

let sim: ClusterSim;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-snippets-'));
  await mkdir(scratch, { recursive: true });
  sim = await startClusterSim({ port: 0, dataDir: join(folder, 'cluster') });
});
afterAll(async () => {
  await sim.close();
  await rm(folder, { recursive: true });
  await rm(scratch, { recursive: true });
});

/** Runs one snippet as a program, against the cluster and the files of this test. */
async function run(name: string, code: string): Promise<string> {
  const file = join(scratch, `${name}.ts`);
  const here = code.replaceAll('http://127.0.0.1:8080', sim.url).replaceAll("'.holdfast/", `'${folder}/`);
  await writeFile(file, here);
  const args = ['--import', 'tsx', '--conditions=@holdfast/source', file];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: repository,
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  return stdout;
}

test('the snippets of the connector README print what it says', async () => {
  const [create, own, ...others] = await snippetsOf('packages/reliable-connector/README.md');
  expect(others).toEqual([]);
  const printed = (await run('create', create ?? '')).split('\n');
  expect(printed[0]).toBe('committed applied');
  expect(printed.slice(1, 3).sort()).toEqual(['order-7 committed ', 'order-8 rejected not_found']);
  expect(printed[3]).toBe('{ consistent: true, counts: { node01: 0, node02: 0, node03: 0 } }');
  expect(await run('own', own ?? '')).toBe('hello world\ncommitted\n');
});

test('the snippet of the cluster README starts a cluster and tells what was applied', async () => {
  const [code, ...others] = await snippetsOf('apps/cluster-sim/README.md');
  expect(others).toEqual([]);
  expect(await run('cluster', code ?? '')).toBe('created\n');
});

/** What a README says that its snippet at `at` prints: the block of text after it. */
async function printedAfter(readme: string, at: number): Promise<string> {
  const [code] = (await snippetsOf(readme)).slice(at);
  const text = await readFile(join(repository, readme), 'utf8');
  const after = text.slice(text.indexOf(code ?? '') + (code ?? '').length);
  return /^```text\n(.*?)^```$/ms.exec(after)?.[1] ?? '';
}

test('the snippets of the coordination README print what it says', async () => {
  const readme = 'packages/coordination/README.md';
  // The first is a worker that runs until it is told to stop: worker-snippet.test.ts.
  const [, locks, groups, ...others] = await snippetsOf(readme);
  expect(others).toEqual([]);
  expect(await run('locks', locks ?? '')).toBe(await printedAfter(readme, 1));
  expect(await run('groups', groups ?? '')).toBe(await printedAfter(readme, 2));
});

test('no README has a snippet that is not run here', async () => {
  const readmes = ['README.md', 'apps/job-cli/README.md', 'bench/README.md', 'e2e/README.md'];
  for (const readme of readmes) expect(await snippetsOf(readme), readme).toEqual([]);
});
