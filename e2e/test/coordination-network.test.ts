import { CoordinationError, type Coordinator, type CoordinatorOptions } from '@holdfast/coordination';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { proxyTo, redisServer, type TcpProxy } from '../src/coordination/backends.js';
import { now, pause } from '../src/coordination/now.js';
import { coordinatorFor } from '../src/coordination/observer.js';
import { soon, until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';

leavesNothingBehind();

/** So long that within a test's patience nothing comes by the end of a lease, nor by a beat. */
const LONG = { lockTtlMs: 180_000, membershipTtlMs: 180_000 };
const SHORT = { lockTtlMs: 600, membershipTtlMs: 600 };

const nothing = (): void => {};
const QUIET = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A Redis that knows the scripts, a proxy in front of it, one coordinator behind the proxy and one that is not. */
async function stage(options: CoordinatorOptions) {
  const server = await redisServer();
  const proxy = await proxyTo(server.port);
  const near = await coordinatorFor(`redis://127.0.0.1:${proxy.port}`, 'near', options);
  const far = await coordinatorFor(server.url, 'far', options);
  const warm = near.getLock('warm');
  await warm.acquire();
  await warm.release();
  return { server, proxy, near, far };
}

const isQueued = (on: Coordinator, name: string, memberId: string): Promise<void> =>
  until(`${memberId} waits for ${name}`, async () =>
    (await on.inspectLock(name)).queue.some((waiter) => waiter.memberId === memberId),
  );

/** One lock goes from one who holds it to one who waits for it. */
async function handedOver(from: Coordinator, to: Coordinator): Promise<void> {
  const held = from.getLock('handed-over');
  await held.acquire();
  const waiting = to.getLock('handed-over').acquire();
  await isQueued(from, 'handed-over', to.memberId);
  await held.release();
  expect(await soon('it is handed over', waiting)).toBe(true);
}

const lossOf = (signal: AbortSignal): Promise<number> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(now())));

/** Swallows the reply of the next step that names `name`; resolves when the server has taken the step. */
async function swallowed(proxy: TcpProxy, name: string): Promise<void> {
  const reply = (await proxy.dropNextReply(name)).toString();
  // An error would mean that nothing was carried out, such as a script that the server does not have yet.
  expect(reply).toMatch(/^[:$]/);
}

describe('replies that get lost', () => {
  test('an acquire that was carried out and is sent again owns the lock (B5)', async () => {
    const { proxy, near, far } = await stage(LONG);
    const lock = near.getLock('b5');
    const dropped = swallowed(proxy, 'b5');
    expect(await soon('it is acquired', lock.acquire({ blocking: false }))).toBe(true);
    await dropped;
    expect(await far.inspectLock('b5')).toMatchObject({ holder: 'near', fencingToken: lock.fencingToken });
    expect(await far.getLock('b5').acquire({ blocking: false })).toBe(false);
    expect(await lock.release()).toBe(true);
    expect(await far.getLock('b5').acquire({ blocking: false })).toBe(true);
  });

  test('an acquire that its caller gives up leaves nothing that blocks others (B5)', async () => {
    const { proxy, near, far } = await stage(LONG);
    const giveUp = new AbortController();
    const dropped = swallowed(proxy, 'b5');
    const given = near.getLock('b5').acquire({ signal: giveUp.signal });
    await dropped;
    giveUp.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(await soon('another has it', far.getLock('b5').acquire())).toBe(true);
  });

  test('a release that was carried out and is sent again takes nothing from the next holder (B6)', async () => {
    const { proxy, near, far } = await stage(LONG);
    const lock = near.getLock('b6');
    await lock.acquire();
    const next = far.getLock('b6');
    const waiting = next.acquire();
    await isQueued(far, 'b6', 'far');
    const dropped = swallowed(proxy, 'b6');
    const released = lock.release();
    await dropped;
    expect(await soon('the next has it', waiting)).toBe(true);
    expect([true, false]).toContain(await soon('it is released', released));
    expect(await next.isStillOwner()).toBe(true);
  });
});

describe('renewals that fail', () => {
  test('connections break and come back before the deadline: no loss (B10)', async () => {
    const { proxy, near, far } = await stage({ lockTtlMs: 6_000, membershipTtlMs: 6_000 });
    const lock = near.getLock('b10');
    await lock.acquire();
    const fence = lock.fencingToken;
    const { signal } = lock;
    proxy.refuse(true);
    proxy.cut();
    await soon('it has tried', proxy.attempted(proxy.attempts + 2));
    const beats = near.heart.beats;
    proxy.refuse(false);
    await until('it beats again', () => near.heart.beats > beats);
    expect(lock).toMatchObject({ acquired: true, fencingToken: fence });
    expect(signal.aborted).toBe(false);
    expect(await far.inspectLock('b10')).toMatchObject({ holder: 'near', fencingToken: fence });
  });

  test('the server answers with errors and then not: no loss (B10)', async () => {
    let onWarning = (_message: string): void => {};
    const warned = new Promise<string>((resolve) => {
      onWarning = resolve;
    });
    const logger = { ...QUIET, warn: (_: object, message: string) => onWarning(message) };
    const { server, near } = await stage({ lockTtlMs: 6_000, membershipTtlMs: 6_000, logger });
    const admin = new Redis(server.url);
    onTestFinished(() => admin.disconnect());
    const lock = near.getLock('b10');
    await lock.acquire();
    const { signal } = lock;
    await near.heart.stop();
    await admin.config('SET', 'maxmemory', '1');
    near.heart.start();
    expect(await soon('a beat has failed', warned)).toContain('heartbeat');
    await expect(near.heartbeat()).rejects.toBeInstanceOf(CoordinationError);
    await admin.config('SET', 'maxmemory', '0');
    await until('it beats again', () => near.heart.beats > 0);
    expect(near.heart.isAlive).toBe(true);
    expect(await lock.isStillOwner()).toBe(true);
    expect(lock.acquired).toBe(true);
    expect(signal.aborted).toBe(false);
  });

  test.each([[['up']], [['down']], [['up', 'down']]] as const)(
    'nothing comes through %s: lost before another can have it (B11)',
    async (directions) => {
      const { proxy, near, far } = await stage({ ...SHORT, timeoutMs: 30_000 });
      const lock = near.getLock('b11');
      await lock.acquire();
      const lost = lossOf(lock.signal);
      for (const direction of directions) proxy.stall(direction);
      const next = far.getLock('b11');
      expect(await soon('the lease ends in the store', next.acquire())).toBe(true);
      const grantedAt = now();
      expect(lock.acquired).toBe(false);
      expect(await soon('its loss is told', lost)).toBeLessThan(grantedAt);
      proxy.resume();
      await next.release();
      expect(await soon('it is acquired again', lock.acquire())).toBe(true);
      expect(lock.fencingToken).toBeGreaterThan(next.fencingToken ?? 0n);
    },
  );
});

describe('a subscription that is cut and comes back (B17)', () => {
  test.each(['all connections', 'the subscription alone'])(
    '%s: a waiter whose hint got lost gets the lock',
    async (what) => {
      const { server, proxy, near, far } = await stage(LONG);
      const admin = new Redis(server.url);
      onTestFinished(() => admin.disconnect());
      // Who has waited before has its subscription, and does not look once more when it stands.
      await handedOver(far, near);
      const held = far.getLock('b17');
      await held.acquire();
      const waiting = near.getLock('b17').acquire();
      await isQueued(far, 'b17', 'near');
      proxy.refuse(true);
      if (what === 'all connections') proxy.cut();
      // The other coordinator does not wait for anything, so it has no subscription.
      else expect(await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBe(1);
      await held.release();
      await soon('it has tried', proxy.attempted(proxy.attempts + 1));
      proxy.refuse(false);
      expect(await soon('the waiter has it', waiting)).toBe(true);
    },
  );

  test('what changed meanwhile is told once, and a rejoin by its incarnation', async () => {
    const { server, proxy, near, far } = await stage(LONG);
    const [passing, staying, late] = await Promise.all(
      ['passing', 'staying', 'late'].map((id) => coordinatorFor(server.url, id, LONG)),
    );
    await far.joinGroupCreate('g');
    const events = near.events('g')[Symbol.asyncIterator]();
    const next = async () => (await soon('an event comes', events.next())).value;
    expect(await next()).toMatchObject({ type: 'snapshot', members: ['far'] });
    proxy.refuse(true);
    proxy.cut();
    await passing?.joinGroup('g');
    await passing?.leaveGroup('g');
    await staying?.joinGroup('g');
    await far.leaveGroup('g');
    await far.joinGroup('g');
    await soon('it has tried', proxy.attempted(proxy.attempts + 1));
    proxy.refuse(false);
    expect(await next()).toMatchObject({ type: 'left', memberId: 'far' });
    const joined = [await next(), await next()];
    expect(
      joined.map((event) => event && 'memberId' in event && [event.type, event.memberId]).sort(),
    ).toEqual([
      ['joined', 'far'],
      ['joined', 'staying'],
    ]);
    // Whatever else were to be told would come before this.
    await late?.joinGroup('g');
    expect(await next()).toMatchObject({ type: 'joined', memberId: 'late' });
  });
});

describe('a server that is away', () => {
  const EACH = 4;
  const AWAY_MS = 4_000;
  /** What may follow without a pause after a long time of quiet. */
  const BURST = 6;

  test('connections are tried again at a measured pace, nothing is thrown into the void, all recover', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    onTestFinished(() => void process.off('unhandledRejection', onUnhandled));
    const server = await redisServer();
    const fleets = await Promise.all(
      [LONG, SHORT].map(async (options) => {
        const proxy = await proxyTo(server.port);
        const url = `redis://127.0.0.1:${proxy.port}`;
        const name = `storm-${options.lockTtlMs}`;
        const members = await Promise.all(
          Array.from({ length: EACH }, (_, at) =>
            coordinatorFor(url, `${name}-${at}`, { ...options, rejoin: true }),
          ),
        );
        return { proxy, name, members };
      }),
    );
    const under: Promise<unknown>[] = [];
    for (const { name, members } of fleets)
      for (const member of members) {
        await member.joinGroupCreate(name);
        void member.events(name)[Symbol.asyncIterator]().next();
        await member.getLock(member.memberId).acquire();
        // One holds it, the others wait.
        under.push(
          member
            .getLock(name)
            .acquire({ timeoutMs: 60_000 })
            .catch((error: unknown) => error),
        );
      }
    await Promise.all(
      fleets.map(
        ({ name, members: [first] }) =>
          first && until('all wait', async () => (await first.inspectLock(name)).queue.length === EACH - 1),
      ),
    );
    await server.kill();
    const begin = now();
    const before = fleets.map(({ proxy }) => proxy.attempts);
    await pause(AWAY_MS);
    const seconds = (now() - begin) / 1000;
    const [long = 0, short = 0] = fleets.map(({ proxy }, at) => (proxy.attempts - (before[at] ?? 0)) / EACH);
    await server.restart();
    const back = now();
    await soon(
      'all can lock again',
      Promise.all(
        fleets.flatMap(({ members }) =>
          members.map((member) =>
            until('it is back', () =>
              member
                .getLock(`${member.memberId}-after`)
                .acquire({ timeoutMs: 1_000 })
                .catch(() => false),
            ),
          ),
        ),
      ),
    );
    reportLine(
      `storm: redis away for ${seconds.toFixed(1)} s, attempts per coordinator and second ` +
        `${(long / seconds).toFixed(2)} (long leases) and ${(short / seconds).toFixed(2)} (short), all back after ${(now() - back).toFixed(0)} ms`,
    );
    expect(long / seconds).toBeLessThanOrEqual(2);
    expect(short).toBeLessThanOrEqual(BURST + 2 * seconds);
    expect(Math.min(long, short)).toBeGreaterThan(1);
    expect(unhandled).toEqual([]);
    await Promise.all(fleets.flatMap(({ members }) => members.map((member) => member.stop())));
    await Promise.all(under);
    expect(unhandled).toEqual([]);
  });
});
