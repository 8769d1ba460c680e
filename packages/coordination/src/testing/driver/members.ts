import assert from 'node:assert/strict';
import { lockKey, type Probe } from '../probe.js';
import type { Cases } from '../trial.js';
import { until } from '../until.js';
import { BRIEF_MS, die, joinAndDie, mortal } from './silence.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function capabilitiesOf(probe: Probe, group: string, member: string): Promise<number[] | null> {
  const [reading] = await probe.read([group], { capabilities: true, only: member });
  const found = reading?.members.find(({ id }) => id === member)?.capabilities;
  return found ? [...found] : null;
}

async function incarnation(probe: Probe, group: string): Promise<number> {
  const reply = await probe.join(group);
  if (reply.status !== 'joined') return assert.fail(`the join was answered ${reply.status}`);
  assert.ok(Number.isSafeInteger(reply.incarnation), `${reply.incarnation} is no incarnation`);
  return reply.incarnation;
}

/** `join`, `leave`, `updateCapabilities`, `readGroups`. */
export const memberCases: Cases = {
  'join adds the member, and creates the group only when asked to': async (t) => {
    const probe = await t.probe('a');
    assert.deepEqual(await probe.join('g', { create: false }), { status: 'no-group' });
    assert.deepEqual(await probe.read(['g']), [null]);
    assert.equal((await probe.join('g', { create: true })).status, 'joined');
    const other = await t.probe('b');
    assert.equal((await other.join('g', { create: false })).status, 'joined');
    assert.deepEqual(await other.members('g'), new Set(['a', 'b']));
  },

  'join leaves the entry of a living member as it is': async (t) => {
    const [one, two] = [await t.probe('same'), await t.probe('same')];
    await one.join('g', { capabilities: bytes(1) });
    const [before] = await one.read(['g'], { capabilities: true });
    assert.deepEqual(await two.join('g', { capabilities: bytes(2) }), { status: 'already-joined' });
    assert.deepEqual(await one.read(['g'], { capabilities: true }), [before]);
    assert.deepEqual(await capabilitiesOf(two, 'g', 'same'), [1]);
  },

  'join sent again after its reply was lost does no harm': async (t) => {
    const probe = await t.probe('a');
    const first = await probe.join('g', { capabilities: bytes(1) });
    const [before] = await probe.read(['g'], { capabilities: true });
    const again = await probe.join('g', { capabilities: bytes(1) });
    if (again.status !== 'already-joined') assert.deepEqual(again, first);
    assert.deepEqual(await probe.read(['g'], { capabilities: true }), [before]);
  },

  'join of many with one id lets one in': async (t) => {
    const probes = await Promise.all(Array.from({ length: 6 }, () => t.probe('same')));
    const replies = await Promise.all(probes.map((probe) => probe.join('g')));
    assert.equal(replies.filter(({ status }) => status === 'joined').length, 1);
    assert.equal(replies.filter(({ status }) => status === 'already-joined').length, 5);
  },

  'join takes the place of a dead member of the same id': async (t) => {
    const dead = await mortal(t, 'same');
    const before = await joinAndDie(t, dead, 'g', bytes(1));
    const next = await t.probe('same');
    const reply = await next.join('g', { capabilities: bytes(2) });
    assert.ok(reply.status === 'joined' && reply.incarnation > before, 'a new incarnation');
    assert.deepEqual(await capabilitiesOf(next, 'g', 'same'), [2]);
  },

  'join beats for the member': async (t) => {
    const probe = await mortal(t, 'a');
    await joinAndDie(t, probe, 'g');
    const reader = await t.probe('reader');
    await probe.join('h');
    assert.deepEqual(await reader.members('g'), new Set(['a']));
  },

  'join grows the incarnation with each join, in all groups': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    const seen = [await incarnation(a, 'g'), await incarnation(b, 'g'), await incarnation(a, 'h')];
    await a.leave(['g']);
    seen.push(await incarnation(a, 'g'));
    await a.leave(['g', 'h'], true);
    await b.leave(['g']);
    await a.driver.deleteGroup('g');
    seen.push(await incarnation(b, 'g'), await incarnation(a, 'g'));
    assert.deepEqual(
      seen,
      [...new Set(seen)].sort((x, y) => x - y),
    );
    const [reading] = await b.read(['g']);
    const [newestB, newestA] = seen.slice(-2);
    assert.deepEqual(
      new Map(reading?.members.map((m) => [m.id, m.incarnation])),
      new Map([
        ['a', newestA],
        ['b', newestB],
      ]),
    );
  },

  'leave answers for each group in order': async (t) => {
    const probe = await t.probe('a');
    await probe.driver.createGroup('empty');
    await probe.join('g');
    await probe.join('h');
    assert.deepEqual(await probe.leave(['h', 'unknown', 'empty', 'g']), [
      'left',
      'no-group',
      'not-joined',
      'left',
    ]);
    assert.deepEqual(await probe.members('g'), new Set());
    assert.deepEqual(await probe.leave(['g']), ['not-joined']);
    assert.deepEqual(await probe.leave([]), []);
  },

  'leave keeps the others and the other groups': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    for (const probe of [a, b]) for (const group of ['g', 'h']) await probe.join(group);
    await a.leave(['g']);
    assert.deepEqual(await b.members('g'), new Set(['b']));
    assert.deepEqual(await b.members('h'), new Set(['a', 'b']));
  },

  'leave for good ends the beat': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    for (const group of ['g', 'h']) await a.join(group);
    assert.deepEqual(await a.leave(['g'], true), ['left']);
    assert.deepEqual(await b.members('h'), new Set());
  },

  'leave takes nothing from another client of the same id': async (t) => {
    const [old, next, reader] = [await mortal(t, 'same'), await t.probe('same'), await t.probe('reader')];
    await joinAndDie(t, old, 'g');
    await next.join('g', { capabilities: bytes(2) });
    assert.deepEqual(await old.leave(['g'], true), ['not-joined']);
    const refused = await t.probe('same');
    assert.deepEqual(await refused.join('g'), { status: 'already-joined' });
    assert.deepEqual(await refused.leave([], true), []);
    assert.deepEqual(await reader.members('g'), new Set(['same']));
    assert.deepEqual(await capabilitiesOf(reader, 'g', 'same'), [2]);
    assert.deepEqual(await next.leave(['g']), ['left']);
  },

  'updateCapabilities changes nothing of another client of the same id': async (t) => {
    const [owner, twin] = [await t.probe('same'), await t.probe('same')];
    await owner.join('g', { capabilities: bytes(1) });
    assert.equal(await twin.driver.updateCapabilities('g', 'same', bytes(2)), 'not-joined');
    assert.deepEqual(await capabilitiesOf(owner, 'g', 'same'), [1]);
    assert.equal(await owner.driver.updateCapabilities('g', 'same', bytes(3)), 'updated');
    assert.deepEqual(await capabilitiesOf(twin, 'g', 'same'), [3]);
  },

  'updateCapabilities replaces those of a member': async (t) => {
    const probe = await t.probe('a');
    assert.equal(await probe.driver.updateCapabilities('g', 'a', bytes(9)), 'no-group');
    await probe.driver.createGroup('g');
    assert.equal(await probe.driver.updateCapabilities('g', 'a', bytes(9)), 'not-joined');
    assert.deepEqual(await probe.members('g'), new Set());
    await probe.join('g', { capabilities: bytes(1, 0, 255) });
    assert.deepEqual(await capabilitiesOf(probe, 'g', 'a'), [1, 0, 255]);
    const [before] = await probe.read(['g']);
    assert.equal(await probe.driver.updateCapabilities('g', 'a', bytes(2)), 'updated');
    assert.deepEqual(await capabilitiesOf(probe, 'g', 'a'), [2]);
    assert.deepEqual(await probe.read(['g']), [before]);
  },

  'readGroups reads several groups at once, in the order asked for': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    await a.join('g', { capabilities: bytes(1) });
    await b.join('g', { capabilities: bytes(2) });
    await b.join('h', { capabilities: bytes(3) });
    const [h, none, g] = await a.read(['h', 'unknown', 'g'], { capabilities: true });
    assert.equal(none, null);
    assert.deepEqual(
      h?.members.map((m) => [m.id, ...(m.capabilities ?? [])]),
      [['b', 3]],
    );
    assert.deepEqual(
      new Map(g?.members.map((m) => [m.id, [...(m.capabilities ?? [])]])),
      new Map([
        ['a', [1]],
        ['b', [2]],
      ]),
    );
    assert.equal(g?.leader, null);
    assert.deepEqual(await a.read([]), []);
  },

  'readGroups leaves capabilities out unless asked for': async (t) => {
    const probe = await t.probe('a');
    await probe.join('g', { capabilities: bytes(1) });
    const [reading] = await probe.read(['g'], { capabilities: false });
    assert.deepEqual(
      reading?.members.map(({ capabilities }) => capabilities),
      [null],
    );
  },

  'readGroups removes the dead, and never the reader': async (t) => {
    const dead = await mortal(t, 'dead');
    await joinAndDie(t, dead, 'g');
    assert.deepEqual(await dead.members('g'), new Set(['dead']));
    const reader = await t.probe('reader');
    await reader.join('g');
    assert.deepEqual(await reader.members('g'), new Set(['reader']));
    assert.deepEqual((await dead.beat({ groups: ['g'] })).groups, ['evicted']);
  },

  'readGroups of one member looks at nothing else': async (t) => {
    const [one, two] = [await mortal(t, 'one'), await mortal(t, 'two')];
    await joinAndDie(t, one, 'g', bytes(1));
    await joinAndDie(t, two, 'g', bytes(2));
    const reader = await t.probe('reader');
    assert.deepEqual(await reader.members('g', { only: 'one' }), new Set(['one']));
    assert.deepEqual(await capabilitiesOf(reader, 'g', 'two'), [2]);
    assert.deepEqual(await reader.members('g', { only: 'stranger' }), new Set());
    assert.equal(await reader.members('unknown', { only: 'one' }), null);
    assert.deepEqual((await one.beat({ groups: ['g'] })).groups, ['joined']);
  },

  'readGroups names the leader and its term': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    await a.driver.createGroup('g');
    const lease = a.lease(lockKey('g', 'leader'));
    const fence = await a.take(lease);
    const [reading] = await b.read(['g']);
    assert.deepEqual(reading?.leader, { memberId: 'a', term: BigInt(fence) });
    const [narrow] = await b.read(['g'], { only: 'b' });
    assert.deepEqual(narrow, { members: [], leader: reading?.leader }, 'also to who asks for one member');
    await a.release(lease);
    assert.equal((await b.read(['g']))[0]?.leader, null);
  },

  'readGroups names no leader whose lease is over': async (t) => {
    const [a, b] = [await t.probe('a'), await t.probe('b')];
    await a.driver.createGroup('g');
    await a.take(a.lease(lockKey('g', 'leader')), { ttlMs: 100 });
    await until('nobody leads', async () => (await b.read(['g']))[0]?.leader === null);
  },

  'B22 a member that beats is not removed by those who read meanwhile': async (t) => {
    const reader = await t.probe('reader');
    const beating = await Promise.all(Array.from({ length: 20 }, (_, i) => mortal(t, `m${i}`, BRIEF_MS)));
    for (const probe of beating) await probe.join('g');
    await Promise.all(beating.map((probe) => die(t, probe)));
    const told = await Promise.all(
      beating.map(async (probe, i) => {
        const [reply] = await Promise.all([
          probe.beat({ groups: ['g'] }),
          i % 5 === 4 ? reader.read(['g']) : null,
        ]);
        return [probe.memberId, reply.groups[0]] as const;
      }),
    );
    const members = await reader.members('g');
    for (const [id, place] of told)
      assert.equal(
        members?.has(id),
        place === 'joined',
        `${id} was told ${place}; there are ${[...(members ?? [])]}`,
      );
  },
};
