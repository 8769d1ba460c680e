import { describe, expect, test } from 'vitest';
import type { LeaderReading } from '../../src/driver/index.js';
import { type LeaderChange, LeaderView } from '../../src/watch/leader-view.js';

const leads = (memberId: string | undefined, term: bigint | null): LeaderReading => ({ memberId, term });
const PYTHON = leads(undefined, null);

/** `+ben 5` elected, `-ben 5` resigned, `!me 5` lost. */
const told = (changes: readonly LeaderChange[]): string[] =>
  changes.map(({ type, leader }) => {
    const sign = { elected: '+', resigned: '-', lost: '!' }[type];
    return `${sign}${leader.memberId ?? '?'} ${leader.term ?? '?'}`;
  });

const view = (own: bigint | null = null): LeaderView => new LeaderView('me', own);

describe('other leaders', () => {
  test('end before the next begins, by term', () => {
    const leader = view();
    expect(told(leader.read(null))).toEqual([]);
    expect(told(leader.read(leads('ben', 5n)))).toEqual(['+ben 5']);
    expect(told(leader.read(leads('ben', 5n)))).toEqual([]);
    expect(told(leader.read(leads('ben', 7n)))).toEqual(['-ben 5', '+ben 7']);
    expect(told(leader.read(leads('cleo', 8n)))).toEqual(['-ben 7', '+cleo 8']);
    expect(told(leader.read(null))).toEqual(['-cleo 8']);
    expect(leader.shown).toBeNull();
  });

  test('that cannot be read are one as long as they follow each other', () => {
    const leader = view();
    expect(told(leader.read(PYTHON))).toEqual(['+? ?']);
    expect(told(leader.read(PYTHON))).toEqual([]);
    expect(told(leader.read(leads('ben', 5n)))).toEqual(['-? ?', '+ben 5']);
    expect(told(leader.read(PYTHON))).toEqual(['-ben 5', '+? ?']);
  });
});

describe('an own term', () => {
  test('begins and ends when the election says so, not when a reading does', () => {
    const leader = view();
    expect(told(leader.tell({ type: 'elected', term: 5n }))).toEqual(['+me 5']);
    expect(told(leader.read(leads('me', 5n)))).toEqual([]);
    expect(told(leader.read(null))).toEqual([]);
    expect(leader.shown).toEqual(leads('me', 5n));
    expect(told(leader.tell({ type: 'lost', term: 5n }))).toEqual(['!me 5']);
    expect(told(leader.tell({ type: 'lost', term: 5n }))).toEqual([]);
    expect(told(leader.tell({ type: 'elected', term: 5n }))).toEqual([]);
  });

  test('that has ended stays ended while its lease is still in the store', () => {
    const leader = view();
    leader.tell({ type: 'elected', term: 5n });
    expect(leader.tell({ type: 'resigned', term: 5n, settled: false })).toEqual([
      { type: 'resigned', leader: leads('me', 5n), settled: false },
    ]);
    expect(told(leader.read(leads('me', 5n)))).toEqual([]);
    expect(told(leader.read(leads('ben', 6n)))).toEqual(['+ben 6']);
    expect(told(leader.tell({ type: 'elected', term: 7n }))).toEqual(['-ben 6', '+me 7']);
  });

  test.each([
    ['of a higher term', leads('ben', 6n), '+ben 6'],
    ['that cannot be read', PYTHON, '+? ?'],
  ])('is lost when a reading shows a successor %s, and the later word is swallowed', (_, other, elected) => {
    const leader = view();
    leader.tell({ type: 'elected', term: 5n });
    expect(told(leader.read(other))).toEqual(['!me 5', elected]);
    expect(told(leader.tell({ type: 'lost', term: 5n }))).toEqual([]);
    expect(told(leader.tell({ type: 'resigned', term: 5n, settled: true }))).toEqual([]);
    expect(leader.shown).toEqual(other);
  });

  test('is not ended by a reading of an older one', () => {
    const leader = view();
    leader.tell({ type: 'elected', term: 5n });
    expect(told(leader.read(leads('ben', 4n)))).toEqual([]);
    expect(leader.shown).toEqual(leads('me', 5n));
  });

  test('that a reading shows first is told once', () => {
    const leader = view();
    expect(told(leader.read(leads('me', 5n)))).toEqual(['+me 5']);
    expect(told(leader.tell({ type: 'elected', term: 5n }))).toEqual([]);
    expect(told(leader.read(null))).toEqual([]);
    expect(told(leader.tell({ type: 'resigned', term: 5n, settled: true }))).toEqual(['-me 5']);
  });

  test('whose beginning the election never tells ends as those of others', () => {
    const leader = view();
    expect(told(leader.read(leads('me', 5n)))).toEqual(['+me 5']);
    expect(told(leader.read(null))).toEqual(['-me 5']);
  });

  test('that is over before it is told is not told at all', () => {
    const leader = view();
    leader.read(leads('ben', 6n));
    expect(told(leader.tell({ type: 'elected', term: 5n }))).toEqual([]);
    expect(told(leader.tell({ type: 'lost', term: 5n }))).toEqual([]);
    expect(leader.shown).toEqual(leads('ben', 6n));
  });

  test('follows another own one only after its end', () => {
    const leader = view();
    leader.tell({ type: 'elected', term: 5n });
    expect(told(leader.tell({ type: 'elected', term: 6n }))).toEqual(['!me 5', '+me 6']);
    expect(told(leader.tell({ type: 'lost', term: 5n }))).toEqual([]);
    expect(told(leader.tell({ type: 'lost', term: 6n }))).toEqual(['!me 6']);
  });

  test('may have begun before the view', () => {
    const leader = view(5n);
    expect(leader.shown).toEqual(leads('me', 5n));
    expect(told(leader.read(null))).toEqual([]);
    expect(told(leader.tell({ type: 'resigned', term: 5n, settled: true }))).toEqual(['-me 5']);
  });
});
