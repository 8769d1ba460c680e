import { describe, expect, test } from 'vitest';
import type { QueryEnd, Step } from '../src/strategy/client/protocol.js';
import { durations, firstOnNewColour, quantile } from '../src/strategy/figures.js';
import {
  executionsAtOdds,
  executionsByTag,
  failures,
  failuresOfCut,
  failuresOfShortDrains,
  writesAtOdds,
} from '../src/strategy/judges/soak.js';
import { followings } from '../src/strategy/judges/starvation.js';

const query = (some: Partial<QueryEnd>): QueryEnd => ({
  ...{ tag: 't', kind: 'numbers', idempotent: false, from: 0, to: 10, prepared: 1, executed: 2 },
  ...{ strategy: 'blue', wasCut: false, rows: 0, end: 'ok', message: '' },
  ...some,
});

describe('how queries were executed and ended', () => {
  test('texts are counted by their tags', () => {
    const executions = { 'SELECT /* a-1 */ 1': 2, 'SELECT 1': 5, 'UPDATE /* a-2 */ t': 1 };
    expect(executionsByTag({ executions })).toEqual(
      new Map([
        ['a-1', 2],
        ['a-2', 1],
      ]),
    );
  });

  test('a query that ran twice is doubled unless it is idempotent; one that never ran is lost', () => {
    const twice = new Map([['t', 2]]);
    expect(executionsAtOdds([query({})], twice)).toHaveLength(1);
    expect(executionsAtOdds([query({ end: 'LOST_AFTER_SEND' })], twice)).toHaveLength(1);
    expect(executionsAtOdds([query({ idempotent: true })], twice)).toEqual([]);
    expect(executionsAtOdds([query({})], new Map())).toHaveLength(1);
    expect(executionsAtOdds([query({ end: 'LOST_AFTER_SEND' })], new Map())).toEqual([]);
    expect(executionsAtOdds([query({})], new Map([['t', 1]]))).toEqual([]);
  });

  test('where nothing may fail, anything but ok is a failure', () => {
    expect(failures([query({}), query({ end: 'WRONG' }), query({ end: 'UNAVAILABLE' })])).toHaveLength(2);
  });

  test('only what was cut may be lost, and only if it can not be repeated', () => {
    const lost = { end: 'LOST_AFTER_SEND', wasCut: true } as const;
    expect(failuresOfCut([query({}), query(lost), query({ ...lost, idempotent: true, rows: 1 })])).toEqual(
      [],
    );
    expect(failuresOfCut([query({ ...lost, wasCut: false })])).toHaveLength(1);
    expect(failuresOfCut([query({ ...lost, idempotent: true })])).toHaveLength(1);
    expect(failuresOfCut([query({ ...lost, end: 'UNAVAILABLE' })])).toHaveLength(1);
  });

  test('a deployment is gone only for what ran there when it was ended', () => {
    const gone = { end: 'DEPLOYMENT_GONE', executed: 100, to: 200 } as const;
    const ends = [{ colour: 'blue', at: 150 }];
    expect(failuresOfShortDrains([query(gone), query({})], ends)).toEqual([]);
    expect(failuresOfShortDrains([query({ ...gone, strategy: 'green' })], ends)).toHaveLength(1);
    expect(failuresOfShortDrains([query({ ...gone, to: 120 })], ends)).toHaveLength(1);
    expect(failuresOfShortDrains([query({ ...gone, idempotent: true })], ends)).toHaveLength(1);
    expect(failuresOfShortDrains([query({ ...gone, end: 'LOST_AFTER_SEND' })], ends)).toHaveLength(1);
  });

  test('writes that were acknowledged are there once, others once at most', () => {
    const writes = [
      query({ kind: 'insert', tag: 'a' }),
      query({ kind: 'insert', tag: 'b', end: 'LOST_AFTER_SEND' }),
      query({ kind: 'update' }),
      query({ kind: 'update', end: 'LOST_AFTER_SEND' }),
    ];
    const judge = (updates: number, ...inserted: string[]): string[] =>
      writesAtOdds(writes, { inserted: new Set(inserted), updates });
    expect(judge(1, 'a')).toEqual([]);
    expect(judge(2, 'a', 'b')).toEqual([]);
    expect(judge(1, 'b')).toEqual(['row a is missing']);
    expect(judge(1, 'a', 'c')).toEqual(['row c was never inserted']);
    expect(judge(0, 'a')).toHaveLength(1);
    expect(judge(3, 'a')).toHaveLength(1);
  });
});

describe('how an announcement was followed', () => {
  const step = (what: Step['what'], rpc: string, strategy: string, word = ''): Step => ({
    ...{ at: 0, what, rpc, strategy, word, left: 2 },
  });
  const heard = step('end', 'getNextResultBatch', 'blue', 'green');
  const probe = step('start', 'authenticate', 'green');
  const proved = step('end', 'authenticate', 'green', 'green');
  const moved = step('switched', '', 'green');
  const begun = [step('start', 'prepareStatement', 'green'), step('start', 'executeStatement', 'green')];
  const other = step('end', 'status', 'blue');
  const old = step('start', 'prepareStatement', 'blue');

  test('at once, while old queries go on', () => {
    const [following] = followings([
      old,
      heard,
      step('pending', '', 'green'),
      probe,
      other,
      old,
      proved,
      moved,
      ...begun,
    ]);
    expect(following).toMatchObject({ faults: [], left: 2, stragglers: 1 });
  });

  test.each([
    ['too late a probe', [heard, other, probe, proved, moved, ...begun]],
    ['too late a move', [heard, probe, proved, other, moved, ...begun]],
    ['an old prepare after the move', [heard, probe, proved, moved, ...begun, old]],
    ['no query on the new deployment', [heard, probe, proved, moved]],
    ['a move without a probe', [heard, moved, ...begun]],
  ])('%s is found', (_, steps) => {
    expect(followings(steps)[0]?.faults).not.toEqual([]);
  });
});

test('figures', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
  const phases = [
    { phase: 'steady', to: 'blue', at: 0 },
    { phase: 'announced', to: 'green', at: 100 },
    { phase: 'announced', to: 'blue', at: 200 },
  ] as const;
  const queries = [
    query({ strategy: 'green', prepared: 90, executed: 110 }),
    query({ strategy: 'green', prepared: 120, executed: 130 }),
    query({ strategy: 'blue', prepared: 150, executed: 210 }),
  ];
  // The way back was not used by anybody, and what was prepared before the announcement does not count.
  expect(firstOnNewColour(phases, queries)).toEqual([30]);
  expect(durations(phases, [query({ from: 0, to: 40 }), query({ from: 0, to: 60 })], 50)).toEqual({
    around: [60],
    steady: [40],
  });
});
