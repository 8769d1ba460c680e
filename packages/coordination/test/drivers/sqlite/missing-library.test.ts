import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

test('a missing better-sqlite3 is named, when a file is opened and not before', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--import',
    here('./support/without-library.mjs'),
    '--conditions=@holdfast/source',
    here('./support/open-without-library.ts'),
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    code: 'MISSING_DEPENDENCY',
    message: expect.stringMatching(/need the package better-sqlite3.*install it/),
  });
});
