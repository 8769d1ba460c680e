import { describe, expect, test } from 'vitest';
import type { GroupReading } from '../../src/driver/index.js';
import { changesBetween, type Members, membersOf, NOBODY, stillHas } from '../../src/watch/members.js';

const reading = (members: Record<string, number | null>): GroupReading => ({
  members: Object.entries(members).map(([id, incarnation]) => ({ id, incarnation, capabilities: null })),
  leader: null,
});

/** How a reading changes what was known, one word each. */
function told(before: Members, now: GroupReading): string[] {
  return changesBetween(before, membersOf(now, before)).map(({ type, memberId }) => `${type} ${memberId}`);
}

const known = membersOf(reading({ ada: 1, ben: 2, python: null }), NOBODY);

describe('changes of members', () => {
  test.each([
    ['nothing', { ada: 1, ben: 2, python: null }, []],
    ['one more', { ada: 1, ben: 2, python: null, cleo: 3 }, ['joined cleo']],
    ['one less', { ada: 1, python: null }, ['left ben']],
    ['a rejoin', { ada: 1, ben: 4, python: null }, ['left ben', 'joined ben']],
    [
      'a client of this package after Python',
      { ada: 1, ben: 2, python: 5 },
      ['left python', 'joined python'],
    ],
    ['an incarnation that cannot be read any more', { ada: 1, ben: null, python: null }, []],
    ['several', { ben: 2, cleo: 3, python: null }, ['left ada', 'joined cleo']],
  ])('%s', (_, now, changes) => {
    expect(told(known, reading(now))).toEqual(changes);
  });

  test('a group that is gone has lost all of them', () => {
    expect(told(known, null)).toEqual(['left ada', 'left ben', 'left python']);
  });

  test('an incarnation that was not readable for a while is still the one that was known', () => {
    const blurred = membersOf(reading({ ben: null }), known);
    expect(told(blurred, reading({ ben: 2 }))).toEqual([]);
    expect(told(blurred, reading({ ben: 6 }))).toEqual(['left ben', 'joined ben']);
  });
});

test.each([
  ['the same', { me: 7 }, true],
  ['an unreadable one', { me: null }, true],
  ['a later one', { me: 8 }, false],
  ['none', { ben: 7 }, false],
])('a membership is still there with %s', (_, now, there) => {
  const membership = { group: 'g', incarnation: 7, capabilities: new Uint8Array() };
  expect(stillHas(reading(now), 'me', membership)).toBe(there);
  expect(stillHas(null, 'me', membership)).toBe(false);
});
