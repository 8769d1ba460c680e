import type { Coordinator } from '@holdfast/coordination';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { proxyTo, redisServer, sentinelCluster } from '../src/coordination/backends.js';
import { now } from '../src/coordination/now.js';
import { coordinatorFor } from '../src/coordination/observer.js';
import { soon, until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';

leavesNothingBehind();

/** So long that within a test's patience nothing comes by the end of a lease, nor by a beat. */
const LONG = { lockTtlMs: 180_000, membershipTtlMs: 180_000 };

function plainClient(port: number): Redis {
  const client = new Redis(port, '127.0.0.1');
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** A holder with a waiter behind it, and a leader with a candidate behind it. */
async function inOffice(url: string) {
  const [a, b] = await Promise.all(
    ['a', 'b'].map((id) => coordinatorFor(url, id, { ...LONG, rejoin: true })),
  );
  if (!a || !b) throw new Error('two were started');
  const lock = a.getLock('l');
  await lock.acquire();
  await a.joinGroupCreate('g', { n: 1 });
  const { signal } = lock;
  const told = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const next = b.getLock('l');
  const waiting = next.acquire();
  const first = office(a);
  const firstTerm = await first.term;
  const second = office(b);
  await until('both wait', async () => (await a.inspectLock('l')).queue.length === 1);
  return { a, b, lock, fence: lock.fencingToken ?? 0n, told, next, waiting, first, firstTerm, second };
}

/** Leads until its signal aborts. */
function office(coordinator: Coordinator): {
  readonly term: Promise<bigint>;
  readonly end: Promise<unknown>;
} {
  let begun = (_term: bigint): void => {};
  const term = new Promise<bigint>((resolve) => {
    begun = resolve;
  });
  const end = coordinator
    .lead('g', async (leadership) => {
      begun(leadership.term);
      if (!leadership.signal.aborted)
        await new Promise((resolve) => leadership.signal.addEventListener('abort', resolve));
    })
    .catch((error: unknown) => error);
  return { term, end };
}

/** Both losses are told, both successors come, fences and terms grow, and members are as they were. */
async function judge({
  a,
  b,
  lock,
  fence,
  told,
  next,
  waiting,
  first,
  firstTerm,
  second,
}: Awaited<ReturnType<typeof inOffice>>) {
  await soon('the holder is told', told);
  expect(lock.acquired).toBe(false);
  expect(await lock.release()).toBe(false);
  expect(await soon('the waiter has the lock', waiting)).toBe(true);
  expect(await next.isStillOwner()).toBe(true);
  expect(next.fencingToken).toBeGreaterThan(fence);
  expect(await soon('the leader is told', first.end)).toMatchObject({
    name: 'LeadershipLost',
    term: firstTerm,
  });
  expect(await soon('the candidate leads', second.term)).toBeGreaterThan(firstTerm);
  await until('the member has joined again', async () => {
    const members = await b.getMembersWithCapabilities('g').catch(() => new Map());
    return members.size === 1 && a.joinedGroups.has('g');
  });
  expect(await b.getMembersWithCapabilities('g')).toEqual(new Map([['a', { n: 1 }]]));
  expect(await b.getLeader('g')).toBe('b');
}

describe('data that the server loses (B27)', () => {
  test('started again empty: losses are told, waiters wake, fences and terms grow', async () => {
    const server = await redisServer();
    const before = await inOffice(server.url);
    const begin = now();
    await server.restart({ empty: true });
    await judge(before);
    reportLine(
      `lost data: redis restarted empty, all as it should be after ${(now() - begin).toFixed(0)} ms`,
    );
  });

  test('emptied without a broken connection: the same', async () => {
    const server = await redisServer();
    const before = await inOffice(server.url);
    await plainClient(server.port).flushall();
    // Nothing tells of it but the next beat.
    await before.a.heartbeat();
    await before.b.heartbeat();
    await judge(before);
  });

  test('scripts flushed before each step: every step works', async () => {
    const server = await redisServer();
    const admin = plainClient(server.port);
    const { a, b, lock, next, waiting, fence } = await inOffice(server.url);
    const flushed = async <T>(step: () => Promise<T>): Promise<T> => {
      await admin.script('FLUSH');
      return step();
    };
    await flushed(() => a.heartbeat());
    expect(lock.acquired).toBe(true);
    expect(await flushed(() => lock.release())).toBe(true);
    expect(await flushed(() => soon('the waiter has it', waiting))).toBe(true);
    expect(next.fencingToken).toBeGreaterThan(fence);
    await flushed(() => b.joinGroup('g'));
    expect(await flushed(() => a.getMembers('g'))).toEqual(new Set(['a', 'b']));
    expect(await flushed(() => a.requestStandDown('g'))).toBe(true);
    await until('the candidate leads', async () => (await flushed(() => a.getLeader('g'))) === 'b');
    await flushed(() => b.leaveGroup('g'));
    expect(await flushed(() => next.break())).toBe(true);
    expect(await flushed(() => a.getLock('l').acquire({ shared: true }))).toBe(true);
  });

  test('failover to a replica that lacks the last writes: the same as an empty server', async () => {
    const cluster = await sentinelCluster();
    const proxy = await proxyTo(cluster.first.port);
    const replica = plainClient(cluster.second.port);
    // The replica gets its data through the proxy, which then keeps the last writes from it.
    await replica.replicaof('127.0.0.1', proxy.port);
    await until('it replicates', async () =>
      (await replica.info('replication')).includes('master_link_status:up'),
    );
    proxy.stall('down');
    const before = await inOffice(cluster.url);
    expect(await replica.exists('_tooz_l_lock')).toBe(0);
    const begin = now();
    expect(await soon('the sentinel has made it the master', cluster.failover())).toBe(cluster.second.port);
    await judge(before);
    reportLine(
      `lost data: failover to a stale replica, all as it should be after ${(now() - begin).toFixed(0)} ms`,
    );
  });
});
