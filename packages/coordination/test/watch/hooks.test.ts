import { describe, expect, test } from 'vitest';
import { WatchCallbackFailed, WatchCallbackNotFound } from '../../src/errors.js';
import { GroupHooks, Hooks } from '../../src/watch/hooks.js';
import { settleResults } from '../../src/watch/results.js';

describe('hooks', () => {
  test('are a list: none gives nothing, each appended fires in order, a removed one stops (A48)', () => {
    const hooks = new Hooks<number>();
    expect(hooks.run(1)).toEqual([]);
    const double = (n: number): number => n * 2;
    hooks.append(double);
    hooks.append((n) => n + 1);
    hooks.append(double);
    expect(hooks.run(5)).toEqual([10, 6, 10]);
    expect(hooks.remove(double)).toBe(true);
    expect(hooks.run(5)).toEqual([6, 10]);
    expect(hooks.remove(double)).toBe(true);
    expect(hooks.remove(double)).toBe(false);
    expect(hooks.run(5)).toEqual([6]);
  });

  test('run as they were when the event came, whatever one of them removes', () => {
    const hooks = new Hooks<number>();
    const second = (): string => 'second';
    hooks.append(() => hooks.remove(second));
    hooks.append(second);
    expect(hooks.run(0)).toEqual([true, 'second']);
    expect(hooks.run(0)).toEqual([false]);
  });

  test('that throw or reject keep no other from running, and their failures are told after all', async () => {
    const hooks = new Hooks<string>();
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    const ran: string[] = [];
    hooks.append(() => {
      throw thrown;
    });
    hooks.append((event) => Promise.reject(rejected).finally(() => ran.push(`rejects ${event}`)));
    hooks.append(async (event) => ran.push(`follows ${event}`));
    hooks.append(() => 'last');
    const failure: unknown = await settleResults(hooks.run('e')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WatchCallbackFailed);
    expect(failure).toMatchObject({
      code: 'WATCH_CALLBACK_FAILED',
      errors: [thrown, rejected],
      results: [1, 'last'],
      cause: thrown,
    });
    expect(ran).toEqual(['follows e', 'rejects e']);
  });

  test('give what their promises come to; a thenable is asked once', async () => {
    const hooks = new Hooks<number>();
    let asked = 0;
    hooks.append(async (n) => n + 1);
    hooks.append((n) => {
      const value = { get: () => n };
      // Defined late: some libraries begin to work only when they are asked for `then`.
      return Object.defineProperty(value, 'then', {
        value: (resolve: (value: string) => void) => resolve(`asked ${++asked}`),
      });
    });
    hooks.append((n) => n);
    expect(await settleResults(hooks.run(1))).toEqual([2, 'asked 1', 1]);
  });
});

describe('hooks by group', () => {
  test('leave no entry behind the last one (A47, A53), and know what was never there (A46)', () => {
    const hooks = new GroupHooks<string>();
    const one = (event: string): string => event;
    hooks.append('g', one);
    hooks.append('g', one);
    expect([...hooks.groups()]).toEqual(['g']);
    expect(hooks.run('g', 'e')).toEqual(['e', 'e']);
    expect(hooks.run('h', 'e')).toEqual([]);
    hooks.remove('g', one);
    expect(hooks.has('g')).toBe(true);
    hooks.remove('g', one);
    expect(hooks.has('g')).toBe(false);
    expect([...hooks.groups()]).toEqual([]);
    expect(() => hooks.remove('g', one)).toThrow(WatchCallbackNotFound);
    expect(() => hooks.remove('h', one)).toThrow(/one is not registered on group "h"/);
    expect([...hooks.groups()]).toEqual([]);
  });
});
