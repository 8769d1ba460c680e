import { beforeEach, describe, expect, test } from 'vitest';
import { defineSqliteDriver } from '../../../src/drivers/sqlite/index.js';
import { ManualClock } from '../../support/manual-clock.js';
import { LOCK, leaderOf, TTL_MS } from '../embedded/support/client.js';
import { type TestFile, testFile } from './support/file.js';

let file: TestFile;

beforeEach(async () => {
  file = await testFile();
});

const inBoot = (id: string, bootId: string | null, clock: ManualClock = file.clock) =>
  file.client(id, { definition: defineSqliteDriver(() => bootId), clock });
const MINUTE_MS = 60_000;
/** The clock of another boot, so far from its beginning; meanwhile the wall clock was set back. */
const upFor = (ms: number): ManualClock => new ManualClock(1_600_000_000_000, ms);

test('a reboot ends leases, beats and places in queues; groups and the counter stay', async () => {
  const a = await inBoot('a', 'first');
  await a.join('g');
  const fence = await a.granted(1);
  await a.granted(2, { lock: leaderOf('g') });
  await a.acquire(3);
  await a.driver.close();
  file.clock.jumpWall(-86_400_000);
  const b = await inBoot('b', 'second');
  expect(await b.driver.inspect(LOCK)).toEqual({ mode: null, holders: [], waiters: [] });
  expect(await b.driver.readGroups({ groups: ['g'], capabilities: false, self: 'b' })).toEqual([
    { members: [], leader: null },
  ]);
  expect(await b.granted(1)).toBeGreaterThan(fence + 1);
});

test('within a boot they stay', async () => {
  const a = await inBoot('a', 'first');
  await a.join('g');
  await a.granted(1);
  await a.driver.close();
  const b = await inBoot('b', 'first');
  expect(await b.members('g')).toEqual(['a']);
  expect(await b.acquire(1, { wait: false })).toEqual({ status: 'refused' });
});

describe('where boots have no names', () => {
  test('one that has not come as far as the last writer is another, and ends what that one left', async () => {
    const a = await inBoot('a', null);
    file.clock.advance(120 * MINUTE_MS);
    await a.join('g');
    const fence = await a.granted(1);
    await a.granted(2, { lock: leaderOf('g') });
    await a.acquire(3);
    await a.driver.close();
    const b = await inBoot('b', null, upFor(MINUTE_MS));
    expect(await b.driver.inspect(LOCK)).toEqual({ mode: null, holders: [], waiters: [] });
    expect(await b.driver.readGroups({ groups: ['g'], capabilities: false, self: 'b' })).toEqual([
      { members: [], leader: null },
    ]);
    expect(await b.granted(1)).toBeGreaterThan(fence + 1);
  });

  test('and what it writes itself is of its own boot', async () => {
    await (await inBoot('a', null)).granted(1);
    const clock = upFor(MINUTE_MS);
    await (await inBoot('b', null, clock)).granted(1);
    const c = await inBoot('c', null, clock);
    expect(await c.acquire(1, { wait: false })).toEqual({ status: 'refused' });
  });

  test('a beat tells how far a boot has come', async () => {
    const a = await inBoot('a', null);
    await a.granted(1);
    for (let i = 0; i < 60; i++) {
      file.clock.advance(TTL_MS - 1);
      await a.beat({ leases: [a.ref(1)] });
    }
    const b = await inBoot('b', null, upFor(file.clock.monotonic() - MINUTE_MS));
    expect(await b.acquire(1, { wait: false })).toMatchObject({ status: 'granted' });
  });

  test('one that has come further waits for the leases of the last, and no longer', async () => {
    const a = await inBoot('a', null);
    await a.granted(1);
    const clock = upFor(file.clock.monotonic() + 1);
    const b = await inBoot('b', null, clock);
    expect(await b.acquire(1, { wait: false })).toEqual({ status: 'refused' });
    clock.advance(TTL_MS - 1);
    expect(await b.acquire(1, { wait: false })).toMatchObject({ status: 'granted' });
  });

  test('setting the wall clock, and clocks of processors that differ a little, end nothing', async () => {
    const a = await inBoot('a', null);
    await a.granted(1);
    file.clock.jumpWall(86_400_000);
    await inBoot('b', null);
    await inBoot('c', null, upFor(file.clock.monotonic() - 1));
    expect(await a.beat({ leases: [a.ref(1)] })).toMatchObject({ leases: ['renewed'] });
  });

  test('a named boot makes nothing of how far an unnamed one came', async () => {
    await (await inBoot('a', null)).granted(1);
    const clock = upFor(MINUTE_MS);
    const b = await inBoot('b', 'named', clock);
    await b.granted(1);
    await inBoot('c', null, clock);
    expect(await b.beat({ leases: [b.ref(1)] })).toMatchObject({ leases: ['renewed'] });
  });
});

test('a file that a second host takes is refused to the first, whose leases it has ended', async () => {
  const a = await inBoot('a', 'one host');
  await a.granted(1);
  const b = await inBoot('b', 'another host');
  file.clock.advance(1_000);
  await expect(a.beat({ leases: [a.ref(1)] })).rejects.toMatchObject({
    code: 'BACKEND',
    message: expect.stringMatching(/used by another host.*redis:/),
  });
  await expect(a.driver.inspect(LOCK)).rejects.toMatchObject({ code: 'BACKEND' });
  await b.granted(1);
});
