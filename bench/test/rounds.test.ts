import { describe, expect, it } from 'vitest';
import { ratios, runRounds, series, telling } from '../src/harness/rounds.js';

const { signal } = new AbortController();

describe('runRounds', () => {
  it('takes contenders in turn and turns the order around each time', async () => {
    const order: string[] = [];
    await runRounds({ contenders: ['a', 'b', 'c'], rounds: 2, signal }, async (contender) =>
      order.push(contender),
    );
    expect(order.join('')).toBe('abccba');
  });

  it('repeats void rounds, but not without end', async () => {
    let calls = 0;
    const done = await runRounds<number>(
      {
        contenders: ['a'],
        rounds: 2,
        signal,
        voidBecause: ({ a }) => (a !== undefined && a % 2 === 0 ? `${a} is even` : null),
      },
      async () => calls++,
    );
    expect(done.valid).toEqual([{ a: 1 }, { a: 3 }]);
    expect(done.voided.map(({ why }) => why)).toEqual(['0 is even', '2 is even']);

    const hopeless = await runRounds<number>(
      { contenders: ['a'], rounds: 2, signal, voidBecause: () => 'always' },
      async () => calls++,
    );
    expect(hopeless.valid).toEqual([]);
    expect(hopeless.voided).toHaveLength(2);
    expect(telling(hopeless)).toHaveLength(2);

    let n = 0;
    const hard = await runRounds<number>(
      { contenders: ['a'], rounds: 2, signal, voidBecause: ({ a }) => (a === 0 ? null : 'not the first') },
      async () => n++,
    );
    expect(hard.valid).toEqual([{ a: 0 }]);
    expect(hard.voided).toHaveLength(5);
  });

  it('stops between contenders when it is told to', async () => {
    const stop = new AbortController();
    const run = runRounds({ contenders: ['a', 'b'], rounds: 1, signal: stop.signal }, async () =>
      stop.abort(),
    );
    await expect(run).rejects.toThrow(/abort/i);
  });
});

describe('series and ratios', () => {
  it('takes ratios within each round', () => {
    const rounds = [
      { bare: 10, ours: 5 },
      { bare: 20, ours: 5 },
    ];
    expect(series(rounds, 'ours', (n) => n)).toEqual([5, 5]);
    expect(ratios(rounds, ['ours', 'bare'], (n) => n)).toEqual([0.5, 0.25]);
    expect(series(rounds, 'nobody', (n) => n)).toEqual([Number.NaN, Number.NaN]);
  });
});
