import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StrategyClientErrorCode } from '../../src/errors.js';
import type {
  StoredStrategy,
  StrategyStore,
  StrategyStoreProvider,
} from '../../src/stores/strategy-store.js';
import type { Strategy } from '../../src/strategy.js';
import { LoggedContext } from './support/context.js';
import { Told, untilVersion } from './support/told.js';

/** A medium, and what opens stores on it. */
export interface StoreWorld extends AsyncDisposable {
  /** A provider of another process, thread or caller on the same medium. */
  provider(): StrategyStoreProvider;
}

const BLUE: StoredStrategy = { strategy: 'blue', lastCheckTime: 1_700_000_000_000 };
const GREEN: StoredStrategy = { strategy: 'green', lastCheckTime: 1_700_000_000_001 };
const UNKNOWN: StoredStrategy = { strategy: null, lastCheckTime: 0 };

/** What every store has to do, whatever it rests on. */
export function testStores(name: string, openWorld: () => Promise<StoreWorld>): void {
  describe(`a store ${name}`, () => {
    let world: StoreWorld;
    let keys = 0;
    beforeAll(async () => {
      world = await openWorld();
    });
    afterAll(() => world[Symbol.asyncDispose]());

    const nextKey = () => ({ target: 'engine.example:443', cluster: `cluster-${++keys}` });
    const open = (key = nextKey(), provider = world.provider()): StrategyStore =>
      provider(key, new LoggedContext());
    /** Two stores of one key, of two providers. */
    const pair = (): [StrategyStore, StrategyStore] => {
      const key = nextKey();
      return [open(key), open(key)];
    };

    test('begins empty', async () => {
      await using store = open();
      expect(await store.read()).toEqual({ version: '', state: UNKNOWN });
    });

    test('gives what was written, also to others', async () => {
      const [one, other] = pair();
      await using _one = one;
      await using _other = other;
      const version = await one.compareAndSet('', BLUE);
      expect(version).toMatch(/./);
      expect(await one.read()).toEqual({ version, state: BLUE });
      expect(await other.read()).toEqual({ version, state: BLUE });
      const next = await other.compareAndSet(version ?? '', GREEN);
      expect(await one.read()).toEqual({ version: next, state: GREEN });
    });

    test('lets the second of two writers lose, and changes nothing by it', async () => {
      const [one, other] = pair();
      await using _one = one;
      await using _other = other;
      const version = await one.compareAndSet('', BLUE);
      expect(await other.compareAndSet('', GREEN)).toBeNull();
      expect(await other.compareAndSet('unheard of', GREEN)).toBeNull();
      expect(await other.read()).toEqual({ version, state: BLUE });
    });

    test('does not take an old version again when the same state comes back', async () => {
      await using store = open();
      const first = await store.compareAndSet('', BLUE);
      const second = await store.compareAndSet(first ?? '', GREEN);
      const third = await store.compareAndSet(second ?? '', BLUE);
      expect(new Set([first, second, third]).size).toBe(3);
      expect(await store.compareAndSet(first ?? '', GREEN)).toBeNull();
      expect(await store.compareAndSet('', GREEN)).toBeNull();
    });

    test('can be told that nothing is known', async () => {
      await using store = open();
      const version = await store.compareAndSet('', UNKNOWN);
      expect(version).toMatch(/./);
      expect(await store.read()).toEqual({ version, state: UNKNOWN });
      expect(await store.compareAndSet('', BLUE)).toBeNull();
    });

    test('keeps keys apart, whatever they consist of', async () => {
      const provider = world.provider();
      const all = [
        { target: 'a:1', cluster: 'b' },
        { target: 'a:1', cluster: '' },
        { target: 'a:1|b', cluster: '' },
        { target: 'a:1', cluster: '|b' },
        { target: 'a:1%7Cb', cluster: '' },
        { target: 'ä:1', cluster: '\u{1f535}' },
      ];
      const stores = all.map((key) => open(key, provider));
      const versions: (string | null)[] = [];
      for (const [at, store] of stores.entries())
        versions.push(await store.compareAndSet('', { strategy: 'blue', lastCheckTime: at }));
      for (const [at, store] of stores.entries())
        expect(await store.read()).toEqual({
          version: versions[at],
          state: { strategy: 'blue', lastCheckTime: at },
        });
      for (const store of stores) await store[Symbol.asyncDispose]();
    });

    test('hints at changes by whomever, and not within the call', async () => {
      const [one, other] = pair();
      await using _one = one;
      await using _other = other;
      let isInCall = true;
      const when: boolean[] = [];
      one.subscribe(() => void when.push(isInCall));
      const writing = one.compareAndSet('', BLUE);
      isInCall = false;
      const version = await writing;
      await untilVersion(one, version);
      await untilVersion(other, version);
      const next = await other.compareAndSet(version ?? '', GREEN);
      await untilVersion(one, next);
      expect(when).not.toContain(true);
    });

    test('hints at nothing after the listener was taken away, and to others all the same', async () => {
      await using store = open();
      const quiet = new Told(store);
      const told = new Told(store);
      quiet.stop();
      quiet.stop();
      const hint = told.next();
      await store.compareAndSet('', BLUE);
      await hint;
      expect(quiet.count).toBe(0);
    });

    test('logs a listener that throws, and goes on', async () => {
      const context = new LoggedContext();
      await using store = world.provider()(nextKey(), context);
      store.subscribe(() => {
        throw new Error('mine');
      });
      store.subscribe(async () => {
        throw new Error('mine, later');
      });
      const told = new Told(store);
      const hint = told.next();
      await store.compareAndSet('', BLUE);
      await hint;
      await context.logged('warn', 2);
    });

    test('is closed once for all, and its listeners with it', async () => {
      const [one, other] = pair();
      await using _other = other;
      const told = new Told(one);
      const heard = new Told(other);
      await one[Symbol.asyncDispose]();
      await one[Symbol.asyncDispose]();
      const closed = { code: 'CLOSED' satisfies StrategyClientErrorCode };
      await expect(one.read()).rejects.toMatchObject(closed);
      await expect(one.compareAndSet('', BLUE)).rejects.toMatchObject(closed);
      expect(() => one.subscribe(() => {})).toThrow(expect.objectContaining(closed));
      const hint = heard.next();
      await other.compareAndSet('', BLUE);
      await hint;
      expect(told.count).toBe(0);
    });

    test('ends what is under way before it is closed', async () => {
      const [one, other] = pair();
      await using _other = other;
      const writing = one.compareAndSet('', BLUE);
      await one[Symbol.asyncDispose]();
      expect(await other.read()).toEqual({ version: await writing, state: BLUE });
    });

    test.each([
      ['a strategy that is none', { ...BLUE, strategy: 'red' as Strategy }],
      ['a time that is none', { ...BLUE, lastCheckTime: Number.NaN }],
      ['a time before 1970', { ...BLUE, lastCheckTime: -1 }],
      ['a time out of all bounds', { ...BLUE, lastCheckTime: 2 ** 44 }],
    ])('refuses %s', async (_what, state) => {
      await using store = open();
      await expect(store.compareAndSet('', state)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await store.read()).toEqual({ version: '', state: UNKNOWN });
    });

    test('keeps whole ms and the latest time that it takes', async () => {
      await using store = open();
      const version = await store.compareAndSet('', { strategy: 'green', lastCheckTime: 2 ** 44 - 0.5 });
      expect(await store.read()).toEqual({
        version,
        state: { strategy: 'green', lastCheckTime: 2 ** 44 - 1 },
      });
    });

    test('has exactly one winner for each version, however many write', async () => {
      const key = nextKey();
      const writers = Array.from({ length: 5 }, () => open(key));
      const increments = 20;
      const won = await Promise.all(writers.map((store) => countUp(store, increments)));
      const versions = won.flat();
      expect(new Set(versions.map(({ over }) => over)).size).toBe(versions.length);
      expect(new Set(versions.map(({ by }) => by)).size).toBe(versions.length);
      const [store] = writers;
      expect((await store?.read())?.state.lastCheckTime).toBe(writers.length * increments);
      for (const writer of writers) await writer[Symbol.asyncDispose]();
    });

    test('behaves as a register, in any sequence of operations', async () => {
      const operation = fc.record({
        store: fc.nat(2),
        /** Which of the versions seen so far is named; the last one is the valid one. */
        version: fc.oneof(fc.constant(0), fc.nat(3)),
        strategy: fc.constantFrom('blue', 'green', null),
        lastCheckTime: fc.nat(3),
        isRead: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
          const key = nextKey();
          const stores = Array.from({ length: 3 }, () => open(key));
          const versions = [''];
          let model: StoredStrategy = UNKNOWN;
          for (const { store: at, version, isRead, ...state } of operations) {
            const store = stores[at] ?? open(key);
            const named = versions.at(-1 - version) ?? '';
            if (isRead) expect(await store.read()).toEqual({ version: versions.at(-1), state: model });
            else {
              const isValid = named === versions.at(-1);
              const written = await store.compareAndSet(named, state);
              expect(written !== null).toBe(isValid);
              if (written === null) continue;
              expect(versions).not.toContain(written);
              versions.push(written);
              model = state;
            }
          }
          await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** Adds 1 to the time so often, and says which version each of these writes replaced and made. */
export async function countUp(
  store: StrategyStore,
  times: number,
): Promise<{ readonly over: string; readonly by: string }[]> {
  const won: { over: string; by: string }[] = [];
  while (won.length < times) {
    const { version, state } = await store.read();
    const by = await store.compareAndSet(version, {
      strategy: 'blue',
      lastCheckTime: state.lastCheckTime + 1,
    });
    if (by !== null) won.push({ over: version, by });
  }
  return won;
}
