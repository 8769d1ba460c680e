import { expect, test } from 'vitest';
import { inProcessStore, sharedInProcess } from '../../src/stores/in-process/in-process-store.js';
import { testStores } from './conformance.js';
import { LoggedContext } from './support/context.js';

testStores('in process', async () => {
  const provider = inProcessStore();
  return { provider: () => provider, [Symbol.asyncDispose]: async () => {} };
});

const key = { target: 'engine.example:443', cluster: 'one' };
const context = new LoggedContext();

test('two providers share nothing; the default is one for the process, apart by key', async () => {
  await using mine = inProcessStore()(key, context);
  await using shared = sharedInProcess(key, context);
  await using again = sharedInProcess(key, context);
  await using another = sharedInProcess({ ...key, cluster: 'two' }, context);
  const version = await shared.compareAndSet('', { strategy: 'green', lastCheckTime: 1 });
  expect((await again.read()).version).toBe(version);
  expect((await mine.read()).version).toBe('');
  expect((await another.read()).version).toBe('');
});

test('what was known goes with the last store of a key, and its versions do not come back', async () => {
  const provider = inProcessStore();
  const one = provider(key, context);
  const other = provider(key, context);
  const version = await one.compareAndSet('', { strategy: 'green', lastCheckTime: 1 });
  await one[Symbol.asyncDispose]();
  expect((await other.read()).version).toBe(version);
  await other[Symbol.asyncDispose]();
  await using next = provider(key, context);
  expect((await next.read()).version).toBe('');
  expect(await next.compareAndSet('', { strategy: 'green', lastCheckTime: 1 })).not.toBe(version);
});

test('100,000 keys that come and go leave nothing behind', async () => {
  const provider = inProcessStore();
  const pass = async (): Promise<number> => {
    for (let at = 0; at < 100_000; at++) {
      const store = provider({ target: 'engine.example:443', cluster: `c${at}` }, context);
      store.subscribe(() => {});
      await store.compareAndSet('', { strategy: 'blue', lastCheckTime: at });
      await store[Symbol.asyncDispose]();
    }
    return heapUsed();
  };
  const before = await pass();
  const after = await pass();
  // 100,000 entries of any kind would be more than 10 MB.
  expect(after - before).toBeLessThan(5e6);
});

/** After everything that can be collected was. */
function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
const { setFlagsFromString } = await import('node:v8');
const { runInNewContext } = await import('node:vm');
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
