import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runPool } from '../src/bulk/run-pool.js';

const never = new AbortController().signal;

describe('a pool of lanes', () => {
  it('works on every item with at most so many at once, and takes none before a lane is free', async () => {
    let atWork = 0;
    let most = 0;
    let taken = 0;
    function* items(): Generator<number> {
      for (let i = 0; i < 50; i++) {
        expect(atWork).toBeLessThan(4);
        taken++;
        yield i;
      }
    }
    const finished: number[] = [];
    await runPool({
      items: items(),
      concurrency: 4,
      signal: never,
      work: async (item) => {
        most = Math.max(most, ++atWork);
        await new Promise((resolve) => setImmediate(resolve));
        atWork--;
        return item;
      },
      finished: (item) => void finished.push(item),
    });
    expect(most).toBe(4);
    expect(taken).toBe(50);
    expect(finished.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('begins nothing after an abort, also while it waits for a next item, and ends what runs', async () => {
    const interruption = new AbortController();
    async function* items(): AsyncGenerator<string> {
      yield 'first';
      await new Promise(() => undefined);
    }
    const begun: string[] = [];
    const finished: string[] = [];
    await runPool({
      items: items(),
      concurrency: 2,
      signal: interruption.signal,
      work: async (item) => {
        begun.push(item);
        const aborted = once(interruption.signal, 'abort');
        setImmediate(() => interruption.abort());
        await aborted;
        return item;
      },
      finished: (item) => void finished.push(item),
    });
    expect([begun, finished]).toEqual([['first'], ['first']]);
  });

  it('rejects with the first error after the running items have ended', async () => {
    const finished: number[] = [];
    const pool = runPool({
      items: [1, 2, 3, 4, 5],
      concurrency: 2,
      signal: never,
      work: async (item) => {
        if (item === 1) throw new Error('broken');
        await new Promise((resolve) => setImmediate(resolve));
        return item;
      },
      finished: (item) => void finished.push(item),
    });
    await expect(pool).rejects.toThrow('broken');
    expect(finished).toEqual([2]);
  });
});
