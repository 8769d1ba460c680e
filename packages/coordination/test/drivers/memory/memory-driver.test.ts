import { expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { memoryDriver } from '../../../src/drivers/memory/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { LOCK, openClient } from '../embedded/support/client.js';

const clock = new ManualClock();
const open = (id: string, url: string) => openClient(id, memoryDriver, { url, clock });

test('a store is shared by URLs that differ in the query alone', async () => {
  const a = await open('a', 'memory:shared?timeout=3');
  const b = await open('b', 'memory:shared');
  const stranger = await open('c', 'memory:other');
  await a.driver.createGroup('g');
  expect(await b.driver.listGroups()).toEqual(['g']);
  expect(await stranger.driver.listGroups()).toEqual([]);
  await a.granted(1);
  expect(await b.acquire(1, { wait: false })).toEqual({ status: 'refused' });
  expect(await stranger.acquire(1, { wait: false })).toMatchObject({ status: 'granted' });
});

test('a store is forgotten with its last user, and fences increase all the same', async () => {
  const a = await open('a', 'memory:forgotten');
  const b = await open('b', 'memory:forgotten');
  await a.driver.createGroup('g');
  const before = await a.granted(1);
  await a.driver.close();
  expect(await b.driver.listGroups()).toEqual(['g']);
  await b.driver.close();
  clock.advance(1);
  const c = await open('c', 'memory:forgotten');
  expect(await c.driver.listGroups()).toEqual([]);
  expect(await c.granted(1)).toBeGreaterThan(before);
});

test('who tries in a loop leaves a turn to the timer that frees the lock', async () => {
  const a = await openClient('a', memoryDriver, { url: 'memory:loop', clock: systemClock });
  const b = await openClient('b', memoryDriver, { url: 'memory:loop', clock: systemClock });
  await a.granted(1);
  setTimeout(() => void a.release(1), 1);
  let number = 1;
  while ((await b.acquire(number, { wait: false })).status !== 'granted') number++;
  expect(await b.driver.inspect(LOCK)).toMatchObject({ holders: [{ memberId: 'b' }] });
});

test('calls of one turn take effect in their order', async () => {
  const a = await open('a', 'memory:order');
  const results = [a.driver.createGroup('g'), a.join('g'), a.driver.deleteGroup('g'), a.members('g')];
  expect(await Promise.all(results)).toEqual(['created', 'joined', 'not-empty', ['a']]);
});

test('it claims what one process can give', () => {
  expect([...memoryDriver.characteristics].filter((name) => name.startsWith('DISTRIBUTED'))).toEqual([]);
  expect(memoryDriver.characteristics).toContain('LINEARIZABLE');
  expect(memoryDriver.characteristics).not.toContain('NON_TIMEOUT_BASED');
});
