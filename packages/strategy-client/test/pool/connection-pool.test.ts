import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Logger, silentLogger } from '../../src/logger.js';
import { ConnectionPool, type PoolLease, type PoolOptions } from '../../src/pool/index.js';
import { refusal } from '../parameters/refusal.js';
import { ManualClock } from '../support/manual-clock.js';
import { deferred } from './deferred.js';
import { type ScriptedConnection, ScriptedConnections } from './scripted-connections.js';

type Options = Partial<PoolOptions<ScriptedConnection>>;

function pooled(connections: ScriptedConnections, options: Options = {}) {
  const clock = new ManualClock();
  const pool = new ConnectionPool({ open: connections.open, minSize: 0, clock, ...options });
  return { clock, pool };
}

/** All that a promise has come to, for looking at it in between. */
function watch<T>(promise: Promise<T>): { state: string; value?: T; error?: unknown } {
  const seen: { state: string; value?: T; error?: unknown } = { state: 'waiting' };
  promise.then(
    (value) => Object.assign(seen, { state: 'served', value }),
    (error: unknown) => Object.assign(seen, { state: 'refused', error }),
  );
  return seen;
}

const acquireMany = (
  pool: ConnectionPool<ScriptedConnection>,
  n: number,
): Promise<PoolLease<ScriptedConnection>[]> => Promise.all(Array.from({ length: n }, () => pool.acquire()));

const releaseAll = (leases: readonly PoolLease<ScriptedConnection>[]): Promise<unknown> =>
  Promise.all(leases.map((lease) => lease.release()));

describe('4.20: what the origin does wrong', () => {
  it('a health check holds up nobody but its own connection', async () => {
    const connections = new ScriptedConnections('ping');
    const { clock, pool } = pooled(connections, { maxSize: 2, maxOverflow: 1, pingIdleMs: 0 });
    await releaseAll(await acquireMany(pool, 2));
    const first = watch(pool.acquire());
    const second = watch(pool.acquire());
    const [hangs, answers] = connections.of('ping');
    answers?.done();
    await clock.advanceAsync(0);
    expect([first.state, second.state]).toEqual(['served', 'waiting']);
    // The other ping still hangs: another connection is opened.
    await clock.advanceAsync(500);
    expect(second.state).toBe('served');
    expect(pool.stats()).toMatchObject({ opened: 3, leased: 2, size: 3 });
    hangs?.done();
    await clock.advanceAsync(0);
    expect(pool.stats()).toMatchObject({ idle: 1 });
  });

  it('many at once open no more than the limit', async () => {
    const connections = new ScriptedConnections('open');
    const { clock, pool } = pooled(connections, { maxSize: 3, maxOverflow: 2 });
    const served = Array.from({ length: 100 }, () => watch(pool.acquire()));
    expect(connections.count).toBe(5);
    for (let n = 0; n < 100; n += 1) {
      for (const one of connections.of('open')) one.done();
      await clock.advanceAsync(0);
      await served[n]?.value?.release();
    }
    await clock.advanceAsync(0);
    expect(served.map(({ state }) => state)).toEqual(Array(100).fill('served'));
    expect(connections.peak).toBe(5);
  });

  it('closed overflow connections make room for new ones, without end', async () => {
    const connections = new ScriptedConnections();
    const { pool } = pooled(connections, { maxSize: 1, maxOverflow: 2 });
    for (let round = 0; round < 50; round += 1) {
      const leases = await acquireMany(pool, 3);
      await releaseAll(leases);
      await turn();
      expect(pool.stats()).toMatchObject({ size: 1, idle: 1 });
    }
    expect(connections.existing.size).toBe(1);
    expect(pool.stats()).toMatchObject({ opened: 101, closed: 100, surplus: 100 });
  });

  it('a connection comes without anything of its last user', async () => {
    const { pool } = pooled(new ScriptedConnections());
    const cursors = new Set<object>();
    for (let user = 0; user < 3; user += 1)
      await pool.use(async (connection) => {
        expect(Object.keys(connection).sort()).toEqual(['closeCalls', 'isClosed', 'number']);
        cursors.add({ of: connection });
      });
    expect(cursors.size).toBe(3);
    expect(pool.stats()).toMatchObject({ opened: 1, idle: 1 });
  });
});

describe('acquiring', () => {
  it('opens minSize at once, and again after a loss', async () => {
    const connections = new ScriptedConnections();
    const { clock, pool } = pooled(connections, { minSize: 2 });
    await clock.advanceAsync(0);
    expect(pool.stats()).toMatchObject({ idle: 2 });
    await (await pool.acquire()).discard();
    await clock.advanceAsync(0);
    expect(pool.stats()).toMatchObject({ idle: 2, opened: 3, broken: 1 });
  });

  it('takes an idle connection even while another is being opened', async () => {
    const connections = new ScriptedConnections('open');
    const { clock, pool } = pooled(connections, { minSize: 2 });
    connections.of('open')[0]?.done();
    await clock.advanceAsync(0);
    expect((await pool.acquire()).connection.number).toBe(0);
    expect(connections.of('open')).toHaveLength(1);
  });

  it('serves in the order of asking', async () => {
    const { clock, pool } = pooled(new ScriptedConnections(), { maxSize: 1, maxOverflow: 0 });
    const lease = await pool.acquire();
    const line = [watch(pool.acquire()), watch(pool.acquire())];
    await lease.release();
    await clock.advanceAsync(0);
    expect(line.map(({ state }) => state)).toEqual(['served', 'waiting']);
  });

  it('gives up in time and says how things stand', async () => {
    const { clock, pool } = pooled(new ScriptedConnections(), { maxSize: 1, maxOverflow: 1 });
    await acquireMany(pool, 2);
    const late = watch(pool.acquire({ timeoutMs: 700 }));
    await clock.advanceAsync(700);
    expect(late.error).toMatchObject({
      code: 'POOL_TIMEOUT',
      retryable: true,
      message:
        'no connection came free within 700 ms: 2 of 2 connections exist (maxSize 1 + maxOverflow 1), 2 leased, 0 idle; callers waiting: 1; release leases sooner, or raise maxSize, maxOverflow or acquireTimeoutMs',
    });
    expect(pool.stats()).toMatchObject({ timeouts: 1, waiting: 0 });
    expect(clock.timers).toBe(0);
  });

  it('refuses one more than may wait', async () => {
    const { pool } = pooled(new ScriptedConnections(), { maxSize: 1, maxOverflow: 0, maxWaiting: 1 });
    await pool.acquire();
    void watch(pool.acquire());
    await expect(pool.acquire()).rejects.toMatchObject({
      code: 'POOL_TIMEOUT',
      message: expect.stringContaining('(maxWaiting 1)'),
    });
  });

  it('ends with its signal, before or while it waits', async () => {
    const { pool } = pooled(new ScriptedConnections(), { maxSize: 1, maxOverflow: 0 });
    const lease = await pool.acquire();
    const reason = new Error('enough');
    await expect(pool.acquire({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = pool.acquire({ signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await lease.release();
    expect(pool.stats()).toMatchObject({ idle: 1, waiting: 0 });
  });

  it('tells the error of opening to who has waited longest, and goes on with the next', async () => {
    const connections = new ScriptedConnections('open');
    const { clock, pool } = pooled(connections, { maxSize: 1, maxOverflow: 0 });
    const line = [watch(pool.acquire()), watch(pool.acquire())];
    connections.of('open')[0]?.fail();
    await clock.advanceAsync(0);
    expect(line[0]?.error).toMatchObject({ message: 'open 0 failed' });
    connections.of('open')[0]?.done();
    await clock.advanceAsync(0);
    expect(line[1]?.state).toBe('served');
    expect(pool.stats()).toMatchObject({ openFailures: 1, opened: 1, size: 1 });
  });

  it('bounds opening, and closes what comes after that', async () => {
    const connections = new ScriptedConnections();
    const { promise, resolve: come } = deferred<ScriptedConnection>();
    const open = () => promise;
    const { clock, pool } = pooled(connections, { open, openTimeoutMs: 100 });
    const asked = watch(pool.acquire());
    await clock.advanceAsync(5_100);
    expect(asked.error).toMatchObject({ message: 'opening a connection took longer than 100 ms' });
    const late = await connections.open(new AbortController().signal);
    come(late);
    await clock.advanceAsync(0);
    expect(late.closeCalls).toBe(1);
    expect(pool.stats().size).toBe(0);
  });
});

describe('health', () => {
  it('pings only what has been idle for long, and nothing without prePing', async () => {
    const connections = new ScriptedConnections('ping');
    const { clock, pool } = pooled(connections, { pingIdleMs: 1_000 });
    await (await pool.acquire()).release();
    await clock.advanceAsync(999);
    await (await pool.acquire()).release();
    expect(connections.of('ping')).toEqual([]);
    await clock.advanceAsync(1_000);
    const asked = watch(pool.acquire());
    expect(connections.of('ping')).toHaveLength(1);
    connections.of('ping')[0]?.done();
    await clock.advanceAsync(0);
    expect(asked.state).toBe('served');

    const without = pooled(connections, { prePing: false, pingIdleMs: 0 });
    await (await without.pool.acquire()).release();
    await without.clock.advanceAsync(10_000);
    expect(await without.pool.acquire()).toBeDefined();
  });

  it('replaces a connection whose ping fails or hangs', async () => {
    const connections = new ScriptedConnections('ping');
    const { clock, pool } = pooled(connections, { pingIdleMs: 0, pingTimeoutMs: 400 });
    for (const failing of [true, false]) {
      await (await pool.acquire()).release();
      const asked = watch(pool.acquire());
      if (failing) connections.of('ping')[0]?.fail();
      await clock.advanceAsync(400);
      expect(asked.value?.connection.isClosed).toBe(false);
      await asked.value?.discard();
      await turn();
    }
    expect(pool.stats()).toMatchObject({ opened: 4, broken: 4, size: 0 });
  });

  it('hands out no connection that was closed meanwhile, and takes none back', async () => {
    const { pool } = pooled(new ScriptedConnections());
    const lease = await pool.acquire();
    lease.connection.isClosed = true;
    await lease.release();
    await turn();
    expect(pool.stats()).toMatchObject({ size: 0, broken: 1 });
    const kept = await pool.acquire();
    const { connection } = kept;
    await kept.release();
    connection.isClosed = true;
    expect((await pool.acquire()).connection.isClosed).toBe(false);
  });

  it('recycles by age, on release and before handing out', async () => {
    const { clock, pool } = pooled(new ScriptedConnections(), { recycleMs: 1_000 });
    const lease = await pool.acquire();
    await clock.advanceAsync(1_000);
    await lease.release();
    await turn();
    expect(pool.stats()).toMatchObject({ recycled: 1, size: 0 });
    await (await pool.acquire()).release();
    await clock.advanceAsync(1_000);
    expect((await pool.acquire()).connection.number).toBe(2);
    expect(pool.stats()).toMatchObject({ recycled: 2, opened: 3 });
  });
});

describe('leases', () => {
  it('are released once, by whatever way', async () => {
    const { pool } = pooled(new ScriptedConnections(), { maxSize: 1, maxOverflow: 0 });
    {
      await using lease = await pool.acquire();
      expect(lease.connection.number).toBe(0);
    }
    const lease = await pool.acquire();
    await lease.release();
    const next = await pool.acquire();
    await lease.release();
    await lease.discard();
    expect(pool.stats()).toMatchObject({ leased: 1, idle: 0, size: 1 });
    expect(next.connection.isClosed).toBe(false);
  });

  it('give no connection after release', async () => {
    const { pool } = pooled(new ScriptedConnections());
    const lease = await pool.acquire();
    await lease.release();
    expect(() => lease.connection).toThrow(/this lease has been released/);
  });

  it('use() releases also when the work fails', async () => {
    const { pool } = pooled(new ScriptedConnections());
    await expect(pool.use(async () => Promise.reject(new Error('bad SQL')))).rejects.toThrow('bad SQL');
    expect(await pool.use(async ({ number }) => number)).toBe(0);
    expect(pool.stats()).toMatchObject({ leased: 0, idle: 1 });
  });

  it('that are forgotten are taken back, and their connection is closed', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const told: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void told.push(message) };
    const { pool } = pooled(new ScriptedConnections(), { maxSize: 1, maxOverflow: 0, logger });
    const { connection } = await pool.acquire();
    const waiting = watch(pool.acquire());
    while (waiting.state === 'waiting') {
      collect();
      await turn();
    }
    expect(waiting.value?.connection.number).toBe(1);
    expect(connection.isClosed).toBe(true);
    expect(pool.stats()).toMatchObject({ reclaimed: 1, leased: 1, size: 1 });
    expect(told).toEqual([expect.stringContaining('a lease of the pool was forgotten')]);
  });
});

describe('closing', () => {
  it('refuses who waits and who comes, waits for leases, and closes all', async () => {
    const connections = new ScriptedConnections();
    const { clock, pool } = pooled(connections, { maxSize: 2, maxOverflow: 0 });
    const [kept, other] = await acquireMany(pool, 2);
    const waiting = watch(pool.acquire());
    await other?.release();
    const behind = [watch(pool.acquire()), watch(pool.acquire())];
    const closing = watch(pool.close());
    expect(pool.close()).toBe(pool.close());
    await expect(pool.acquire()).rejects.toMatchObject({ code: 'CLOSED' });
    await clock.advanceAsync(0);
    for (const one of behind) expect(one.error).toMatchObject({ code: 'CLOSED' });
    expect(closing.state).toBe('waiting');
    await waiting.value?.release();
    await clock.advanceAsync(0);
    expect(closing.state).toBe('waiting');
    await kept?.release();
    await clock.advanceAsync(0);
    expect(closing.state).toBe('served');
    expect(connections.existing.size).toBe(0);
    expect(clock.timers).toBe(0);
  });

  it('closes what is still in use when its time is over', async () => {
    const connections = new ScriptedConnections();
    const { clock, pool } = pooled(connections, { closeTimeoutMs: 1_000 });
    const lease = await pool.acquire();
    const closing = watch(pool.close());
    await clock.advanceAsync(1_000);
    expect(closing.state).toBe('served');
    expect(lease.connection.isClosed).toBe(true);
    await lease.release();
    expect(connections.all[0]?.closeCalls).toBe(1);
    expect(pool.stats()).toMatchObject({ size: 0, closed: 1 });
  });

  it('ends opening and pinging, and is not held up by a connection that does not close', async () => {
    const connections = new ScriptedConnections('open', 'ping', 'close');
    const { clock, pool } = pooled(connections, { minSize: 2, pingIdleMs: 0 });
    connections.of('open')[0]?.done();
    await clock.advanceAsync(0);
    void watch(pool.acquire());
    await clock.advanceAsync(0);
    expect(connections.pending.map(({ step }) => step)).toEqual(['open', 'ping']);
    const closing = watch(pool.close());
    await clock.advanceAsync(0);
    expect(connections.pending.map(({ step }) => step)).toEqual(['close']);
    await clock.advanceAsync(5_000);
    expect(closing.state).toBe('waiting');
    await clock.advanceAsync(1);
    expect(closing.state).toBe('served');
  });

  it('comes with `await using`', async () => {
    const connections = new ScriptedConnections();
    {
      await using pool = new ConnectionPool({ open: connections.open, minSize: 0 });
      await pool.use(async () => {});
    }
    expect(connections.existing.size).toBe(0);
  });
});

describe('options', () => {
  it.each([
    [{ minSize: 11 }, 'minSize is 11; give a number from 0 to 10'],
    [{ maxSize: 0 }, 'maxSize is 0'],
    [{ maxOverflow: -1 }, 'maxOverflow is -1'],
    [{ maxWaiting: 0 }, 'maxWaiting is 0'],
    [{ acquireTimeoutMs: 0 }, 'acquireTimeoutMs is 0'],
    [{ recycleMs: Number.NaN }, 'recycleMs is NaN'],
    [{ pingIdleMs: -1 }, 'pingIdleMs is -1'],
    [{ closeTimeoutMs: -1 }, 'closeTimeoutMs is -1'],
    [{ open: undefined }, 'open is undefined; give a function'],
  ])('refuses %j', (options, why) => {
    const given = { open: new ScriptedConnections().open, ...options };
    // @ts-expect-error one of them has no function
    expect(refusal(() => new ConnectionPool(given))).toContain(why);
  });

  it('refuses a timeout of one call', async () => {
    const { pool } = pooled(new ScriptedConnections());
    await expect(pool.acquire({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
