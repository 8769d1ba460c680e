import type { CoordinationEvent } from '@holdfast/coordination';
import { expect, test } from 'vitest';
import { GuardedStore, type KeptEntry } from '../src/coordination/guarded-store.js';
import { grantsAtOdds, grantsIn } from '../src/coordination/judges/grants.js';
import { termsAtOdds } from '../src/coordination/judges/own-terms.js';
import { Replay } from '../src/coordination/judges/replay.js';

type Line = readonly [worker: string, fence: number, at: number, o?: Partial<KeptEntry>];

const log = (...lines: readonly Line[]): KeptEntry[] =>
  lines.map(([worker, fence, at, o]) => ({
    worker,
    fence,
    at,
    mode: 'exclusive',
    what: 'look',
    keptAt: at + 1,
    ...o,
  }));

const shared = { mode: 'shared' } as const;

test('grants one after the other are in order, and are counted', () => {
  const entries = log(['a', 1, 10], ['a', 1, 12], ['b', 2, 13], ['a', 3, 20]);
  expect(grantsAtOdds(entries, [])).toEqual([]);
  expect(grantsIn(entries)).toEqual({ grants: 3, workers: 2 });
});

test('two who see at the same time that they hold are found, whatever order the store saw', () => {
  expect(grantsAtOdds(log(['a', 1, 10], ['a', 1, 14], ['b', 2, 13]), [])).toEqual([
    'a (exclusive, fence 1) and b (exclusive, fence 2) at the same time',
  ]);
  const stops = [{ worker: 'a', from: 0, to: 100 }];
  expect(grantsAtOdds(log(['a', 1, 10], ['b', 2, 13], ['a', 1, 14]), stops)).toHaveLength(1);
});

test('a fence that does not grow, or is given twice, is found', () => {
  expect(grantsAtOdds(log(['a', 5, 10], ['b', 4, 20]), [])).toContain(
    'b (exclusive, fence 4) and a (exclusive, fence 5) at the same time',
  );
  expect(grantsAtOdds(log(['a', 5, 10], ['b', 5, 20]), [])).toContain('b has fence 5 of a');
});

test('an entry that comes too late is excused by a stop of its worker and by nothing else', () => {
  const entries = log(['a', 1, 10], ['b', 2, 30], ['a', 1, 11, { keptAt: 50 }]);
  expect(grantsAtOdds(entries, [{ worker: 'a', from: 12, to: 45 }])).toEqual([]);
  for (const stop of [
    { worker: 'b', from: 12, to: 45 },
    { worker: 'a', from: 1, to: 9 },
    { worker: 'a', from: 60, to: 70 },
  ])
    expect(grantsAtOdds(entries, [stop])).toEqual(['a (exclusive, fence 1), look at 11, came after fence 2']);
});

test('readers may be together, and neither with a writer before nor with one behind them', () => {
  const readers = log(['a', 1, 10, shared], ['b', 2, 11, shared], ['a', 1, 15, shared]);
  expect(grantsAtOdds(readers, [])).toEqual([]);
  expect(grantsAtOdds([...readers, ...log(['c', 3, 14])], [])).toHaveLength(1);
  expect(grantsAtOdds(log(['c', 3, 14], ['c', 3, 20], ['a', 4, 18, shared]), [])).toHaveLength(1);
});

test('own terms that overlap, repeat or end twice are found', () => {
  const elected = (term: number) => ({ type: 'elected', term }) as const;
  const lost = (term: number) => ({ type: 'lost', term }) as const;
  const resigned = (term: number) => ({ type: 'resigned', term }) as const;
  expect(termsAtOdds([elected(1), lost(1), elected(4), resigned(4), elected(5)])).toEqual([]);
  expect(termsAtOdds([elected(1), elected(2)])).toEqual(['event 1, elected 2: term 1 has not ended']);
  expect(termsAtOdds([elected(2), lost(2), elected(2)])).toEqual(['event 2, elected 2: not above 2']);
  expect(termsAtOdds([elected(1), lost(1), resigned(1)])).toEqual(['event 2, resigned 1: no term is open']);
  expect(termsAtOdds([elected(1), lost(3)])).toEqual(['event 1, lost 3: term 1 is']);
});

test('a stream that is out of order is found, and one in order leads to its state', () => {
  const of = { groupId: 'g', at: 0 };
  const snapshot: CoordinationEvent = { ...of, type: 'snapshot', members: ['a'], leader: null };
  const joined = (memberId: string): CoordinationEvent => ({ ...of, type: 'joined', memberId });
  const left = (memberId: string): CoordinationEvent => ({ ...of, type: 'left', memberId });
  const elected = (memberId: string, term: bigint): CoordinationEvent => ({
    ...of,
    type: 'elected',
    memberId,
    term,
  });
  const resigned = (memberId: string): CoordinationEvent => ({ ...of, type: 'resigned', memberId });
  const replay = (...events: readonly CoordinationEvent[]): Replay => {
    const fresh = new Replay();
    for (const event of events) fresh.take(event);
    return fresh;
  };
  const good = replay(snapshot, joined('b'), left('a'), elected('b', 3n), resigned('b'), elected('c', 4n));
  expect(good.faults).toEqual([]);
  expect([...good.members]).toEqual(['b']);
  expect(good).toMatchObject({ leader: 'c', terms: [3n, 4n], events: 6 });
  const afterGap = replay(snapshot, { ...of, type: 'overflow', dropped: 3 }, { ...snapshot, members: [] });
  expect(afterGap.faults).toEqual([]);
  expect(replay(joined('a')).faults).toEqual(['event 1, joined a: before the first snapshot']);
  expect(replay(snapshot, snapshot).faults).toEqual(['event 2, snapshot: without a gap']);
  expect(replay(snapshot, joined('a')).faults).toEqual(['event 2, joined a: who was a member']);
  expect(replay(snapshot, left('b')).faults).toEqual(['event 2, left b: who was no member']);
  expect(replay(snapshot, elected('a', 2n), elected('b', 3n)).faults).toHaveLength(1);
  expect(replay(snapshot, elected('a', 2n), resigned('a'), elected('b', 2n)).faults).toHaveLength(1);
  expect(replay(snapshot, resigned('b')).faults).toHaveLength(1);
});

test('a register refuses what is older than what it has seen, and knows what it has lost', async () => {
  const store = new GuardedStore();
  const { read, write } = store.handlers;
  expect(await write('r', ['x'], 3)).toBe(true);
  expect(await read('r', 4)).toEqual(['x']);
  // A later reader counts on what it has read.
  expect(await write('r', ['x', 'y'], 3)).toBe(false);
  expect(await read('r', 3)).toBeNull();
  expect(await write('r', ['x', 'z'], 4)).toBe(true);
  expect(store.lost('r')).toEqual([]);
  expect(store.refused).toBe(2);
  expect(await write('u', ['p'], null)).toBe(true);
  expect(await write('u', ['q'], null)).toBe(true);
  expect(store.lost('u')).toEqual(['p']);
});
