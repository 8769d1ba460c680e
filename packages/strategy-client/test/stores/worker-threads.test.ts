import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkerThreadsSpace, workerThreadsStore } from '../../src/stores/worker-threads/index.js';
import { nextWord, readingOf } from '../../src/stores/worker-threads/word.js';
import { countUp, testStores } from './conformance.js';
import { LoggedContext } from './support/context.js';

testStores('of worker threads', async () => {
  const space = structuredClone(createWorkerThreadsSpace({ maxKeys: 2_000 }));
  return { provider: () => workerThreadsStore(space), [Symbol.asyncDispose]: async () => {} };
});

const context = new LoggedContext();

describe('real threads', () => {
  const THREADS = 3;
  const TIMES = 2_000;
  const space = createWorkerThreadsSpace();
  const threads: Worker[] = [];
  beforeAll(async () => {
    for (let at = 0; at < THREADS; at++) threads.push(startThread({ space, times: TIMES }));
    await Promise.all(threads.map((thread) => once(thread, 'message')));
  });
  afterAll(() => Promise.all(threads.map((thread) => thread.terminate())));

  test('hear of a change, have one winner for each version, and end although their stores are open', async () => {
    await using store = workerThreadsStore(space)(
      { target: 'engine.example:443', cluster: 'shared' },
      context,
    );
    const said = threads.map((thread) => once(thread, 'message'));
    const exits = threads.map((thread) => once(thread, 'exit'));
    const mine = await countUp(store, TIMES);
    const theirs = await Promise.all(said);
    const all = [mine, ...theirs.map(([won]) => won as typeof mine)].flat();
    expect(all).toHaveLength((THREADS + 1) * TIMES);
    expect(new Set(all.map(({ over }) => over)).size).toBe(all.length);
    expect(new Set(all.map(({ by }) => by)).size).toBe(all.length);
    expect((await store.read()).state.lastCheckTime).toBe(all.length);
    expect((await Promise.all(exits)).map(([code]) => code)).toEqual(threads.map(() => 0));
  });
});

test('a full space says so, and still knows its keys', async () => {
  const provider = workerThreadsStore(createWorkerThreadsSpace({ maxKeys: 2 }));
  await using one = provider({ target: 'a:1', cluster: '' }, context);
  await using two = provider({ target: 'b:1', cluster: '' }, context);
  expect(() => provider({ target: 'c:1', cluster: '' }, context)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/2 keys.*maxKeys/) }),
  );
  await using again = provider({ target: 'a:1', cluster: '' }, context);
  const version = await one.compareAndSet('', { strategy: 'blue', lastCheckTime: 1 });
  expect((await again.read()).version).toBe(version);
  expect((await two.read()).version).toBe('');
});

test.each([0, 65_537, 1.5, Number.NaN])('maxKeys %d is refused', (maxKeys) => {
  expect(() => createWorkerThreadsSpace({ maxKeys })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('maxKeys') }),
  );
});

test.each([
  ['no memory', { memory: undefined, channel: 'x' }],
  ['memory that is not shared', { memory: new ArrayBuffer(64), channel: 'x' }],
  ['too little memory', { memory: new SharedArrayBuffer(8), channel: 'x' }],
  ['no channel', { memory: new SharedArrayBuffer(64), channel: undefined }],
])('a space with %s is refused', (_what, space) => {
  expect(() => workerThreadsStore(space as ReturnType<typeof createWorkerThreadsSpace>)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  );
});

test('the count of a word begins again after 262,143 writes, and never makes the word of an empty key', () => {
  const unknown = { strategy: null, lastCheckTime: 0 };
  const last = BigInt(2 ** 18 - 1) << 46n;
  expect(nextWord(last - (1n << 46n), unknown)).toBe(last);
  expect(nextWord(last, unknown)).toBe(nextWord(0n, unknown));
  expect(readingOf(nextWord(last, unknown))).toEqual({ version: expect.stringMatching(/./), state: unknown });
});

function startThread(workerData: object): Worker {
  return new Worker(fileURLToPath(new URL('./support/counting-thread.mjs', import.meta.url)), {
    workerData,
  });
}
