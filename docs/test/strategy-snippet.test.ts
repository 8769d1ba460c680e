import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EngineMock, startEngineMock } from '@holdfast/engine-mock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository, snippetsOf } from './snippets.js';

/** Inside this member, so that the snippet's imports resolve as a user's would. */
const scratch = join(repository, 'docs', '.snippets', 'strategy');
let engine: EngineMock;

beforeAll(async () => {
  await mkdir(scratch, { recursive: true });
  engine = await startEngineMock({ port: 0, adminPort: 0, announceMs: 500 });
});
afterAll(async () => {
  await engine.close();
  await rm(scratch, { recursive: true });
});

test('the ten lines of the strategy client README run a query across a switch', async () => {
  const readme = 'packages/strategy-client/README.md';
  const [code = '', ...others] = await snippetsOf(readme);
  expect(others).toEqual([]);
  expect(
    code
      .trim()
      .split('\n')
      .filter((line) => line !== '').length,
  ).toBeLessThanOrEqual(10);
  const file = join(scratch, 'switch.ts');
  const here = code
    .replace('port: 50051', `port: ${engine.port}`)
    .replace('http://127.0.0.1:50052', `${engine.adminUrl}`);
  await writeFile(file, here);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--conditions=@holdfast/source', file],
    { cwd: repository, timeout: 60_000, env: { ...process.env, HOLDFAST_ADMIN_TOKEN: engine.adminToken } },
  );
  expect(stderr).toBe('');
  const text = await readFile(join(repository, readme), 'utf8');
  const [, says = 'nothing'] = /^It prints[^\n]*\n\n```text\n(.*?)^```$/ms.exec(text) ?? [];
  expect(stdout).toBe(says);
});
