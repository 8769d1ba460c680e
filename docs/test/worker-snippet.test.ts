import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository, snippetsOf } from './snippets.js';

/** Inside this member, so that the snippet's imports resolve as a user's would. */
const scratch = join(repository, 'docs', '.snippets', 'worker');
const workers: ChildProcess[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  await mkdir(scratch, { recursive: true });
});
afterAll(async () => {
  for (const worker of workers) if (worker.exitCode === null) worker.kill('SIGKILL');
  await rm(folder, { recursive: true });
  await rm(scratch, { recursive: true });
});

/** Starts the worker of the README; its lines in order. */
function start(file: string): { readonly process: ChildProcess; readonly line: () => Promise<string> } {
  const worker = spawn(process.execPath, ['--import', 'tsx', '--conditions=@holdfast/source', file], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(worker);
  const lines = createInterface({ input: worker.stdout })[Symbol.asyncIterator]();
  return { process: worker, line: async () => (await lines.next()).value ?? '' };
}

test('the worker of the coordination README leads, and its successor leads after kill -9 and after SIGTERM', async () => {
  const [worker] = await snippetsOf('packages/coordination/README.md');
  const file = join(scratch, 'worker.ts');
  await writeFile(file, (worker ?? '').replaceAll('sqlite:.holdfast/', `sqlite:${folder}/`));

  const first = start(file);
  expect(await first.line()).toMatch(/^worker-\d+ leads, term \d+$/);
  const second = start(file);
  const third = start(file);
  first.process.kill('SIGKILL');
  const waiting = [second, third].map((one) => ({ one, leads: one.line() }));
  const next = await Promise.race(waiting.map(({ one, leads }) => leads.then((line) => ({ one, line }))));
  expect(next.line).toMatch(/^worker-\d+ leads, term \d+$/);

  const [last] = waiting.filter(({ one }) => one !== next.one);
  next.one.process.kill('SIGTERM');
  expect(await next.one.line()).toMatch(/^worker-\d+ stopped$/);
  expect(await last?.leads).toMatch(/^worker-\d+ leads, term \d+$/);
  last?.one.process.kill('SIGTERM');
  expect(await last?.one.line()).toMatch(/^worker-\d+ stopped$/);
});
