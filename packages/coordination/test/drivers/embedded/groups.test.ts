import { beforeEach, describe, expect, test } from 'vitest';
import { type Client, leaderOf, TTL_MS } from './support/client.js';
import { WORLDS, type World } from './support/worlds.js';

describe.each(WORLDS)('groups on %s', (_, make) => {
  let world: World;
  let a: Client;
  let b: Client;

  beforeEach(async () => {
    world = await make();
    a = await world.client('a');
    b = await world.client('b');
  });

  const read = async (client: Client, group = 'g') => {
    const request = { groups: [group], capabilities: true, self: 'nobody' };
    const [reading] = await client.driver.readGroups(request);
    return reading;
  };
  const text = (member: { readonly capabilities: Uint8Array | null } | undefined) =>
    Buffer.from(member?.capabilities ?? []).toString();
  const join = (client: Client, member: string, create = false) =>
    client.driver.join({ group: 'g', member, capabilities: Buffer.from('caps'), create });

  test('a group is made once, listed, and deleted when nobody living is in it', async () => {
    expect(await a.driver.createGroup('g')).toBe('created');
    expect(await b.driver.createGroup('g')).toBe('exists');
    expect(await b.driver.createGroup('\udcff')).toBe('created');
    expect((await b.driver.listGroups()).sort()).toEqual(['g', '\udcff']);
    await a.join('g');
    expect(await b.driver.deleteGroup('g')).toBe('not-empty');
    world.clock.advance(TTL_MS);
    expect(await b.driver.deleteGroup('g')).toBe('deleted');
    expect(await b.driver.deleteGroup('g')).toBe('no-group');
    expect(await b.driver.listGroups()).toEqual(['\udcff']);
    expect(await join(a, 'a')).toEqual({ status: 'no-group' });
  });

  test('a group that is made again is empty', async () => {
    await a.join('g');
    await a.driver.leave({ groups: ['g'], member: 'a', final: false });
    await a.driver.deleteGroup('g');
    await a.driver.createGroup('g');
    expect(await a.members('g')).toEqual([]);
  });

  test('B24: a living member of the same id is not joined again, and keeps its capabilities', async () => {
    await a.join('g', 'first');
    expect(
      await b.driver.join({ group: 'g', member: 'a', capabilities: Buffer.from('x'), create: true }),
    ).toEqual({ status: 'already-joined' });
    expect(text((await read(b))?.members[0])).toBe('first');
  });

  test('a dead member of the same id is replaced, and its incarnation grows', async () => {
    await a.join('g', 'first');
    const before = (await read(b))?.members[0]?.incarnation ?? 0;
    world.clock.advance(TTL_MS);
    expect(await a.join('g', 'second')).toBe('joined');
    const [after] = (await read(b))?.members ?? [];
    expect(text(after)).toBe('second');
    expect(after?.incarnation).toBeGreaterThan(before);
  });

  test('a member that leaves and joins between two readings has another incarnation', async () => {
    await a.join('g');
    const before = (await read(b))?.members[0]?.incarnation ?? 0;
    await a.driver.leave({ groups: ['g'], member: 'a', final: false });
    world.clock.jumpWall(-60_000);
    await a.join('g');
    expect((await read(b))?.members[0]?.incarnation).toBeGreaterThan(before);
  });

  test('a member without a beat is removed by the reading of another', async () => {
    await a.join('g');
    await b.join('g');
    world.clock.advance(TTL_MS - 1);
    await b.beat({ groups: ['g'] });
    world.clock.advance(1);
    expect(await b.members('g')).toEqual(['b']);
    expect(await a.beat({ groups: ['g'] })).toMatchObject({ groups: ['evicted'] });
    expect(await b.members('g')).toEqual(['b']);
  });

  test('B22: a beat before the removal saves the member in all its groups', async () => {
    await a.join('g');
    await a.join('h');
    world.clock.advance(TTL_MS);
    expect(await b.members('g')).toEqual([]);
    expect(await a.beat({ groups: ['g', 'h'] })).toMatchObject({ groups: ['evicted', 'joined'] });
    expect(await b.members('h')).toEqual(['a']);
  });

  test('nobody removes itself', async () => {
    await a.join('g');
    await b.join('g');
    world.clock.advance(TTL_MS);
    expect(await a.members('g')).toEqual(['a']);
    expect(await a.beat({ groups: ['g'] })).toMatchObject({ groups: ['joined'] });
    expect(await b.members('g')).toEqual(['a']);
  });

  test('a client whose place another one of its id has taken has no part in it any more', async () => {
    await a.join('g', 'first');
    world.clock.advance(TTL_MS);
    const next = await world.client('a', { clientId: 'a2' });
    expect(await next.join('g', 'second')).toBe('joined');
    expect(await a.beat({ groups: ['g'] })).toMatchObject({ groups: ['evicted'] });
    expect(await a.driver.updateCapabilities('g', 'a', Buffer.from('third'))).toBe('not-joined');
    expect(await a.driver.leave({ groups: ['g'], member: 'a', final: true })).toEqual(['not-joined']);
    expect(text((await read(b))?.members[0])).toBe('second');
    world.clock.advance(TTL_MS - 1);
    await a.beat({ groups: ['g'] });
    world.clock.advance(1);
    expect(await b.members('g')).toEqual([]);
    expect(await next.beat({ groups: ['g'] })).toMatchObject({ groups: ['evicted'] });
  });

  test('reading one member looks at nobody’s beat and removes nobody', async () => {
    await a.join('g', 'of a');
    await b.join('g');
    world.clock.advance(TTL_MS);
    const request = { groups: ['g', 'none'], self: 'b' };
    const [reading, none] = await b.driver.readGroups({ ...request, capabilities: true, only: 'a' });
    expect(none).toBeNull();
    expect(reading?.members.map(({ id }) => id)).toEqual(['a']);
    expect(text(reading?.members[0])).toBe('of a');
    const [bare] = await b.driver.readGroups({ ...request, capabilities: false, only: 'a' });
    expect(bare?.members).toMatchObject([{ id: 'a', capabilities: null }]);
    const [stranger] = await b.driver.readGroups({ ...request, capabilities: true, only: 'x' });
    expect(stranger?.members).toEqual([]);
    expect(await a.beat({ groups: ['g'] })).toMatchObject({ groups: ['joined'] });
  });

  test('many groups are read at once, in the order asked for, each with its leader', async () => {
    await a.join('g');
    await b.join('h');
    const term = BigInt(await b.granted(1, { lock: leaderOf('h') }));
    const readings = await a.driver.readGroups({
      groups: ['h', 'none', 'g'],
      capabilities: false,
      self: 'a',
    });
    expect(readings).toMatchObject([
      { members: [{ id: 'b', capabilities: null }], leader: { memberId: 'b', term } },
      null,
      { members: [{ id: 'a' }], leader: null },
    ]);
    world.clock.advance(TTL_MS);
    expect((await read(a, 'h'))?.leader).toBeNull();
  });

  test('capabilities are updated for members alone, and kept as a copy', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(await a.driver.updateCapabilities('g', 'a', bytes)).toBe('no-group');
    await b.join('g');
    expect(await a.driver.updateCapabilities('g', 'a', bytes)).toBe('not-joined');
    await a.join('g');
    expect(await a.driver.updateCapabilities('g', 'a', bytes)).toBe('updated');
    const expected = [...bytes];
    bytes.fill(0);
    const found = (await read(b))?.members.find(({ id }) => id === 'a')?.capabilities;
    expect([...(found ?? [])]).toEqual(expected);
  });

  test('leaving answers for each group; a final leave ends the beat in the groups that are left', async () => {
    await a.join('g');
    await a.join('h');
    await b.driver.createGroup('empty');
    const leave = (groups: string[], final: boolean) => a.driver.leave({ groups, member: 'a', final });
    expect(await leave(['g', 'none', 'empty', 'g'], false)).toEqual([
      'left',
      'no-group',
      'not-joined',
      'not-joined',
    ]);
    expect(await b.members('h')).toEqual(['a']);
    expect(await leave([], true)).toEqual([]);
    expect(await b.members('h')).toEqual([]);
  });

  test('a beat for a member of no group leaves nothing that a later join would take for life', async () => {
    await a.beat();
    await a.join('g');
    await a.driver.leave({ groups: ['g'], member: 'a', final: false });
    await a.beat();
    expect(
      await b.driver.join({ group: 'g', member: 'a', capabilities: Buffer.of(), create: false }),
    ).toMatchObject({
      status: 'joined',
    });
  });
});
