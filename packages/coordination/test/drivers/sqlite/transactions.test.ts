import { beforeEach, expect, test } from 'vitest';
import { Transactions } from '../../../src/drivers/sqlite/transactions.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;
let commits = 0;

beforeEach(async () => {
  file = await testFile();
  commits = 0;
});

function transactions() {
  const db = file.stranger();
  db.exec('CREATE TABLE t (x INTEGER UNIQUE)');
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  const made = new Transactions({
    db,
    path: file.path,
    context: { clock: file.clock, random: () => 0.5, timeoutMs: 1_000 },
    onBegin: () => {},
    beforeCommit: () => {},
    afterCommit: () => commits++,
    afterRollback: () => {},
  });
  const add = (x: number) =>
    made.submit({ operation: 'add', writes: true, run: () => insert.run(x).changes });
  const all = () => db.prepare('SELECT x FROM t ORDER BY rowid').pluck().all();
  return { made, add, all };
}

test('steps of one turn share a transaction, in their order', async () => {
  const { add, all } = transactions();
  await Promise.all([3, 1, 2].map(add));
  expect(all()).toEqual([3, 1, 2]);
  expect(commits).toBe(1);
});

test('but no more than a hundred', async () => {
  const { add, all } = transactions();
  await Promise.all(Array.from({ length: 250 }, (_, x) => add(x)));
  expect(all()).toEqual(Array.from({ length: 250 }, (_, x) => x));
  expect(commits).toBe(3);
});

test('a step that cannot be done fails alone', async () => {
  const { add, all } = transactions();
  await add(1);
  const results = await Promise.allSettled([2, 1, 3].map(add));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({
    reason: { code: 'BACKEND', retryable: false, message: expect.stringMatching(/add on .*UNIQUE/) },
  });
  expect(all()).toEqual([1, 2, 3]);
});
