import { beforeEach, describe, expect, test } from 'vitest';
import { type Client, LOCK, leaderOf, TTL_MS } from './support/client.js';
import { WORLDS, type World } from './support/worlds.js';

const G = [{ type: 'group', group: 'g' }];

describe.each(WORLDS)('hints on %s', (_, make) => {
  let world: World;
  let a: Client;
  let b: Client;

  beforeEach(async () => {
    world = await make();
    a = await world.client('a', { groups: ['g'] });
    b = await world.client('b', { groups: [] });
  });

  test('a group’s listeners hear of all that changes its members, once per step', async () => {
    await b.driver.createGroup('g');
    expect(await a.hints()).toEqual(G);
    await b.join('g');
    expect(await a.hints()).toEqual(G);
    await b.driver.updateCapabilities('g', 'b', Buffer.of(1));
    await b.beat({ groups: ['g'] });
    expect(await a.hints()).toEqual([]);
    await b.driver.leave({ groups: ['g'], member: 'b', final: true });
    expect(await a.hints()).toEqual(G);
    await b.join('g');
    await a.hints();
    world.clock.advance(TTL_MS);
    await a.members('g');
    expect(await a.hints()).toEqual(G);
    await b.driver.deleteGroup('g');
    expect(await a.hints()).toEqual(G);
    expect(await b.hints()).toEqual([]);
  });

  test('and of its leaders', async () => {
    const lock = leaderOf('g');
    await b.granted(1, { lock });
    expect(await a.hints()).toEqual(G);
    await b.granted(1, { lock });
    await b.beat({ leases: [b.ref(1, lock)] });
    expect(await a.hints()).toEqual([]);
    await b.release(1, lock);
    expect(await a.hints()).toEqual(G);
    await b.granted(2, { lock });
    await a.hints();
    await b.driver.revoke(lock, 'break');
    expect(await a.hints()).toEqual(G);
    await b.granted(3, { lock });
    await a.hints();
    world.clock.advance(TTL_MS);
    await b.release(3, lock);
    expect(await a.hints()).toEqual(G);
  });

  test('a call of listen replaces the groups of the one before', async () => {
    await a.driver.listen(new Set(['h']));
    await b.join('g');
    expect(await a.hints()).toEqual([]);
    await b.join('h');
    expect(await a.hints()).toEqual([{ type: 'group', group: 'h' }]);
  });

  test('other namespaces hear nothing', async () => {
    const other = await world.client('a', { namespace: 'other', groups: ['g'] });
    await b.join('g');
    expect(await other.hints()).toEqual([]);
    expect(await a.hints()).toEqual(G);
  });

  test('a caller has its reply before any hint of its own call', async () => {
    const order: string[] = [];
    const c = await world.client('c', { onHint: ({ type }) => order.push(type) });
    await c.join('g').then(() => order.push('reply'));
    await c.hints();
    expect(order).toEqual(['reply', 'group']);
  });

  test('a listener that throws is reported, and loses no later hint', async () => {
    const errors: object[] = [];
    const silent = () => {};
    const logger = {
      debug: silent,
      info: silent,
      warn: silent,
      error: (fields: object) => errors.push(fields),
    };
    let calls = 0;
    const c = await world.client('c', {
      logger,
      onHint: () => {
        calls++;
        throw new Error('not taken');
      },
    });
    await b.join('g');
    await b.join('h');
    await c.hints();
    expect(calls).toBe(2);
    expect(errors).toMatchObject([{ type: 'group', err: { message: 'not taken' } }, { type: 'group' }]);
  });

  test('who is closed hears nothing, and every call is refused', async () => {
    await a.granted(1);
    const calls: string[] = [];
    const c = await world.client('c', { onHint: ({ type }) => calls.push(type) });
    await c.acquire(1);
    await a.release(1);
    await c.driver.close();
    await c.driver.close();
    await c.hints();
    expect(calls).toEqual([]);
    const refused = { code: 'NOT_STARTED' };
    await expect(c.acquire(2)).rejects.toMatchObject(refused);
    await expect(c.driver.listGroups()).rejects.toMatchObject(refused);
    await expect(c.driver.listen(new Set())).rejects.toMatchObject(refused);
    await expect(c.beat()).rejects.toMatchObject(refused);
    expect((await a.driver.inspect(LOCK)).waiters).toEqual([{ memberId: 'c', mode: 'exclusive' }]);
  });

  test('a call that waits while its driver is closed is refused', async () => {
    const pending = b.acquire(1);
    const closing = b.driver.close();
    await expect(pending).rejects.toMatchObject({ code: 'NOT_STARTED' });
    await closing;
    expect(await a.driver.inspect(LOCK)).toMatchObject({ mode: null });
  });
});
