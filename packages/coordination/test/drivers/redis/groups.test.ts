import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JoinReply } from '../../../src/driver/index.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { type DriverOn, driverOn, leaderOf } from './driver-on.js';
import { beating, drop, take } from './requests.js';

const NONE = Uint8Array.of(0xc0);
const GROUP = '_tooz_group:g';
const INCARNATIONS = '_tooz_x:incarnations:g:';

let server: RedisServer;
let redis: Redis;
let a: DriverOn;
let b: DriverOn;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

beforeEach(async () => {
  a = await driverOn(server.url, { clientId: 'a', memberId: 'ada' });
  b = await driverOn(server.url, { clientId: 'b', memberId: 'ben' });
  await a.driver.createGroup('g');
});

afterEach(async () => {
  await a.driver.close();
  await b.driver.close();
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const join = (on: DriverOn, member: string, capabilities = NONE): Promise<JoinReply> =>
  on.driver.join({ group: 'g', member, capabilities, create: false });
const members = async (on: DriverOn, self = 'nobody'): Promise<string[]> => {
  const [group] = await on.driver.readGroups({ groups: ['g'], capabilities: false, self });
  return (group?.members ?? []).map((member) => member.id).sort();
};
const incarnation = async (on: DriverOn, id: string): Promise<number | null | undefined> => {
  const [group] = await on.driver.readGroups({ groups: ['g'], capabilities: false, self: 'nobody' });
  return group?.members.find((member) => member.id === id)?.incarnation;
};
/** As Python does it. */
const pythonJoins = async (member: string): Promise<void> => {
  await redis.hset(GROUP, member, Buffer.from(NONE));
  await redis.set(`_tooz_beats:${member}`, 'Not dead!', 'PX', 10_000);
};
/** This member's client has not beaten for longer than its time-out. */
const die = (member: string): Promise<unknown> => redis.del(`_tooz_beats:${member}`);

describe('joining', () => {
  test('B24: a duplicate is an error, and the capabilities stay', async () => {
    expect((await join(a, 'ada', Uint8Array.of(1))).status).toBe('joined');
    expect(await join(b, 'ada', Uint8Array.of(2))).toEqual({ status: 'already-joined' });
    expect(await join(a, 'ada', Uint8Array.of(3))).toEqual({ status: 'already-joined' });
    expect(await redis.hgetBuffer(GROUP, 'ada')).toEqual(Buffer.of(1));
    await pythonJoins('py');
    expect(await join(a, 'py')).toEqual({ status: 'already-joined' });
  });

  test('replaces an entry without a beat, under a greater incarnation', async () => {
    const first = await join(a, 'ada', Uint8Array.of(1));
    await die('ada');
    const second = await join(b, 'ada', Uint8Array.of(2));
    expect(first.status === 'joined' && second.status === 'joined').toBe(true);
    if (first.status === 'joined' && second.status === 'joined')
      expect(second.incarnation).toBeGreaterThan(first.incarnation);
    expect(await redis.hgetBuffer(GROUP, 'ada')).toEqual(Buffer.of(2));
  });

  test('replaces its dead predecessor although its own beats keep the id alive', async () => {
    await join(a, 'ada');
    await a.driver.close();
    await b.driver.beat(beating('ada'));
    expect(await join(b, 'ada')).toEqual({ status: 'already-joined' });
    const record = (await redis.hget(INCARNATIONS, 'ada')) ?? '';
    await redis.hset(INCARNATIONS, 'ada', record.replace(/:\d+:/, ':1:'));
    expect((await join(b, 'ada')).status).toBe('joined');
  });

  test('of a group that is not there', async () => {
    await a.driver.deleteGroup('g');
    expect(await join(a, 'ada')).toEqual({ status: 'no-group' });
    expect(await redis.exists(GROUP, '_tooz_beats:ada')).toBe(0);
  });
});

describe('members without a beat', () => {
  test('are removed by whoever reads, but never the reader itself', async () => {
    for (const member of ['ada', 'eve', 'self']) await join(a, member);
    await die('eve');
    await die('self');
    await a.driver.listen(new Set(['g']));
    expect(await members(b, 'self')).toEqual(['ada', 'self']);
    await a.hint((hint) => hint.type === 'group' && hint.group === 'g');
    expect((await redis.hkeys(GROUP)).sort()).toEqual(['__created__', 'ada', 'self']);
    expect((await redis.hkeys(INCARNATIONS)).sort()).toEqual(['ada', 'self']);
    // An empty beat is none, as for Python.
    await redis.set('_tooz_beats:ada', '');
    expect(await members(b, 'self')).toEqual(['self']);
  });

  test('do not keep a group from being deleted; living ones do', async () => {
    await join(a, 'ada');
    await join(b, 'ben');
    await die('ada');
    expect(await a.driver.deleteGroup('g')).toBe('not-empty');
    expect(await redis.hexists(GROUP, 'ada')).toBe(0);
    await die('ben');
    expect(await a.driver.deleteGroup('g')).toBe('deleted');
    expect(await redis.exists(GROUP, INCARNATIONS)).toBe(0);
    expect(await a.driver.deleteGroup('g')).toBe('no-group');
  });

  test('hear it with their next beat, and so does one that another has replaced', async () => {
    await join(a, 'ada');
    expect((await a.driver.beat(beating('ada', { groups: ['g', 'h'] }))).groups).toEqual([
      'joined',
      'evicted',
    ]);
    await die('ada');
    await members(b);
    expect((await a.driver.beat(beating('ada', { groups: ['g'] }))).groups).toEqual(['evicted']);
    await die('ada');
    await join(b, 'ada');
    expect((await a.driver.beat(beating('ada', { groups: ['g'] }))).groups).toEqual(['evicted']);
    expect(await a.driver.leave({ groups: ['g'], member: 'ada', final: true })).toEqual(['not-joined']);
    expect(await members(b)).toEqual(['ada']);
  });

  test('B22: one that beats in time is never removed', async () => {
    await join(a, 'ada');
    await redis.pexpire('_tooz_beats:ada', 5_000);
    await a.driver.beat(beating('ada', { groups: ['g'] }));
    expect(await redis.pttl('_tooz_beats:ada')).toBeGreaterThan(5_000);
    expect(await members(b)).toEqual(['ada']);
  });

  test('only one is read as asked, and nobody is removed', async () => {
    await join(a, 'ada', Uint8Array.of(7));
    await die('ada');
    const one = { groups: ['g', 'h'], capabilities: true, self: 'ben' };
    const [found, missing] = await b.driver.readGroups({ ...one, only: 'ada' });
    expect(found?.members).toMatchObject([{ id: 'ada', capabilities: Buffer.of(7) }]);
    expect(missing).toBeNull();
    expect((await b.driver.readGroups({ ...one, only: 'eve' }))[0]?.members).toEqual([]);
    expect(await redis.hexists(GROUP, 'ada')).toBe(1);
  });
});

describe('the beat of a member that stops', () => {
  const BEAT = '_tooz_beats:ada';
  const stop = (...groups: string[]): Promise<unknown> =>
    a.driver.leave({ groups, member: 'ada', final: true });

  test('goes, also when it joined twice', async () => {
    await join(a, 'ada');
    expect(await join(a, 'ada')).toEqual({ status: 'already-joined' });
    await stop('g');
    expect(await redis.exists(BEAT)).toBe(0);
  });

  test('stays for another client of its id', async () => {
    await join(b, 'ada');
    expect(await join(a, 'ada')).toEqual({ status: 'already-joined' });
    await stop();
    expect(await redis.exists(BEAT)).toBe(1);
    expect(await members(b)).toEqual(['ada']);
  });

  test('stays for a member of Python', async () => {
    await pythonJoins('ada');
    await join(a, 'ada');
    await stop();
    expect(await redis.exists(BEAT)).toBe(1);
  });

  test.each([
    ['left', () => b.driver.leave({ groups: ['g'], member: 'ada', final: false })],
    ['died', () => lapse()],
  ])('goes when the other has %s since', async (_how, end) => {
    await join(b, 'ada');
    await join(a, 'ada');
    await end();
    await stop();
    expect(await redis.exists(BEAT)).toBe(0);
  });

  test('goes when it joined after the other', async () => {
    await join(b, 'ada');
    await join(a, 'ada');
    await lapse();
    expect((await join(a, 'ada')).status).toBe('joined');
    await stop('g');
    expect(await redis.exists(BEAT)).toBe(0);
  });

  test('goes when whoever took its place has died', async () => {
    await join(a, 'ada');
    await die('ada');
    await join(b, 'ada');
    await lapse();
    expect(await stop('g')).toEqual(['not-joined']);
    expect(await redis.exists(BEAT)).toBe(0);
  });

  /** The client that made the entry has not beaten for longer than its time-out. */
  const lapse = async (): Promise<void> => {
    const record = (await redis.hget(INCARNATIONS, 'ada')) ?? '';
    await redis.hset(INCARNATIONS, 'ada', record.replace(/:\d+:/, ':1:'));
  };
});

describe('incarnations', () => {
  test('tell a rejoin from a membership that went on', async () => {
    await join(a, 'ada');
    const first = await incarnation(b, 'ada');
    await a.driver.beat(beating('ada', { groups: ['g'] }));
    expect(await incarnation(b, 'ada')).toBe(first);
    await a.driver.leave({ groups: ['g'], member: 'ada', final: false });
    await join(a, 'ada');
    expect(await incarnation(b, 'ada')).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  });

  test('Python’s members have none, also under an id that Python has removed', async () => {
    await pythonJoins('py');
    await join(a, 'ada');
    await redis.hdel(GROUP, 'ada');
    await pythonJoins('eve');
    expect(await incarnation(b, 'py')).toBeNull();
    await redis.hdel(GROUP, 'py', 'eve');
    expect(await members(b)).toEqual([]);
    expect(await redis.exists(INCARNATIONS)).toBe(0);
    await pythonJoins('ada');
    expect(await incarnation(b, 'ada')).toBeNull();
  });

  test('live as long as beats extend them', async () => {
    await join(a, 'ada');
    await redis.pexpire(INCARNATIONS, 5_000);
    await a.driver.beat(beating('ada', { groups: ['g'] }));
    expect(await redis.pttl(INCARNATIONS)).toBeGreaterThan(5_000);
  });
});

describe('push', () => {
  test('tells of members and leaders to those who listen', async () => {
    const hint = async (act: () => Promise<unknown>): Promise<void> => {
      await act();
      await b.hint((one) => one.type === 'group' && one.group === 'g');
    };
    await b.driver.listen(new Set(['g']));
    await hint(() => join(a, 'ada'));
    await hint(() => take(a.driver, leaderOf('g'), 'a.1'));
    await hint(() => drop(a.driver, leaderOf('g'), 'a.1'));
    await hint(() => take(a.driver, leaderOf('g'), 'a.2'));
    await hint(() => a.driver.revoke(leaderOf('g'), 'break'));
    await hint(() => a.driver.leave({ groups: ['g'], member: 'ada', final: false }));
    await b.driver.listen(new Set(['h']));
    await join(a, 'ada');
    await a.driver.join({ group: 'h', member: 'ada', capabilities: NONE, create: true });
    await b.hint((one) => one.type === 'group' && one.group === 'h');
    const last = b.hints.filter((one) => one.type === 'group').at(-1);
    expect(last).toEqual({ type: 'group', group: 'h' });
    expect(b.hints.filter((one) => one.type === 'group' && one.group === 'g')).toHaveLength(6);
  });
});

test('10,000 members are read, with capabilities, in one call', async () => {
  const fields: Record<string, Buffer> = {};
  const beats: string[] = [];
  for (let n = 0; n < 10_000; n++) {
    fields[`m${n}`] = Buffer.from([0x81, 0xa1, 0x6e, 0xcd, n >> 8, n & 255]);
    if (n % 10 !== 0) beats.push(`_tooz_beats:m${n}`, 'Not dead!');
  }
  await redis.hset(GROUP, fields);
  await redis.mset(beats);
  await redis.config('RESETSTAT');
  const [group] = await a.driver.readGroups({ groups: ['g'], capabilities: true, self: 'nobody' });
  expect(group?.members).toHaveLength(9_000);
  expect(group?.members.find((one) => one.id === 'm9999')?.capabilities).toEqual(fields['m9999']);
  const stats = await redis.info('commandstats');
  expect(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
  expect(await redis.hlen(GROUP)).toBe(9_001);
});
