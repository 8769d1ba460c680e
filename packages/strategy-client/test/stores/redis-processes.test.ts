import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort, startRedis } from './support/redis-server.js';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

async function run(imports: readonly string[], urls: readonly string[]): Promise<unknown> {
  const flags = ['tsx', ...imports].flatMap((name) => ['--import', name]);
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    '--unhandled-rejections=strict',
    here('./support/lives-and-ends.ts'),
    ...urls,
  ]);
  return JSON.parse(stdout);
}

test('a process ends by itself after it has disposed, with Redis there, refusing and silent', async () => {
  await using redis = await startRedis();
  const silent = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const urls = [redis.url, `redis://127.0.0.1:${await freePort()}`, `redis://127.0.0.1:${port}`];
  expect(await run([], urls)).toEqual(['string', 'string', 'string']);
  silent.close();
});

test('a missing ioredis is named, when a store is used and not before', async () => {
  expect(await run([here('./support/without-ioredis.mjs')], ['redis://127.0.0.1:1'])).toEqual([
    {
      code: 'MISSING_DEPENDENCY',
      message: expect.stringMatching(/needs the package ioredis.*install it/),
    },
  ]);
});
