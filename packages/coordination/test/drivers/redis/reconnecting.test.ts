import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.js';
import { Pacer } from '../../../src/drivers/redis/pacer.js';
import { ManualClock } from '../../support/manual-clock.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { driverOn } from './driver-on.js';

/** At most this many connections in the mean, beside those of the first moments. */
const PER_SECOND = 2;
const FIRST_MOMENTS = 6;

describe('pacing', () => {
  /** Attempts in a minute of failures, and the longest pause. */
  const minute = (options: { leaseMs: number; cost: number; random: number; failing: boolean }) => {
    const clock = new ManualClock();
    const pacer = new Pacer(clock, () => options.random, options);
    const endsAt = clock.monotonic() + 60_000;
    let attempts = 0;
    let longest = 0;
    for (let failures = 0; clock.monotonic() < endsAt; failures += options.failing ? 1 : 0) {
      const delay = pacer.delayMs(failures);
      longest = Math.max(longest, delay);
      clock.advance(delay);
      pacer.spend();
      attempts += 1;
    }
    return { connections: attempts * options.cost, longest };
  };

  test.each([
    [300, 1],
    [30_000, 1],
    [30_000, 2],
  ])('with a lease of %d ms and %d connections for each attempt', (leaseMs, cost) => {
    for (const random of [0, 0.5, 0.999])
      for (const failing of [true, false]) {
        const { connections, longest } = minute({ leaseMs, cost, random, failing });
        expect(connections).toBeLessThanOrEqual(60 * PER_SECOND);
        expect(longest).toBeLessThanOrEqual(Math.max(1_500, leaseMs / 3));
      }
  });

  test('the first pause is short, the next ones double up to the cap, with jitter', () => {
    const pacer = new Pacer(new ManualClock(), () => 0.999_999, { leaseMs: 30_000, cost: 1 });
    const delays = [0, 1, 2, 3, 10].map((failures) => Math.round(pacer.delayMs(failures)));
    expect(delays).toEqual([50, 100, 200, 400, 5_000]);
    const least = new Pacer(new ManualClock(), () => 0, { leaseMs: 30_000, cost: 1 });
    expect(least.delayMs(10)).toBe(2_500);
  });
});

describe('over a network that refuses', () => {
  /** Twenty times as fast as the host’s: a minute is over in three seconds. */
  const hurried: Clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() * 20,
    schedule: (delayMs, action) => systemClock.schedule(delayMs / 20, action),
  };
  let server: RedisServer;
  let proxy: TcpProxy;

  beforeEach(async () => {
    server = await startRedis();
    proxy = await startTcpProxy(server.port);
  });

  afterEach(async () => {
    await proxy.stop();
    await server.stop();
  });

  test('a coordinator that hears and calls makes no storm, and comes back', async () => {
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`, { clock: hurried, lockTtlMs: 3_000 });
    await on.driver.listen(new Set(['g']));
    const before = proxy.attempts;
    const beganAt = hurried.monotonic();
    proxy.refuse(true);
    proxy.cut();
    const calls = Array.from({ length: 20 }, () => on.driver.listGroups().catch(() => 'failed'));
    await proxy.attempted(before + 25);
    const seconds = (hurried.monotonic() - beganAt) / 1000;
    expect(proxy.attempts - before).toBeLessThanOrEqual(FIRST_MOMENTS + seconds * PER_SECOND);
    expect(await Promise.all(calls)).toEqual(calls.map(() => 'failed'));
    proxy.refuse(false);
    const heard = on.hints.length;
    await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) >= heard);
    expect(await on.driver.listGroups()).toEqual([]);
  });

  test('nor when each connection breaks as soon as it stands', async () => {
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`, { clock: hurried, lockTtlMs: 3_000 });
    await on.driver.listen(new Set(['g']));
    const before = proxy.attempts;
    const beganAt = hurried.monotonic();
    for (let resets = 0; resets < 12; resets++) {
      proxy.cut();
      const heard = on.hints.length;
      await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) >= heard);
    }
    const seconds = (hurried.monotonic() - beganAt) / 1000;
    expect(proxy.attempts - before).toBeGreaterThanOrEqual(24);
    expect(proxy.attempts - before).toBeLessThanOrEqual(FIRST_MOMENTS + seconds * PER_SECOND);
  });

  test('a subscription that breaks alone is made again, and says that it has missed something', async () => {
    await using on = await driverOn(server.url);
    await using other = await driverOn(server.url);
    await on.driver.listen(new Set(['g']));
    const control = new Redis(server.url);
    const heard = on.hints.length;
    await control.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) >= heard);
    await other.driver.join({ group: 'g', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
    await on.hint((hint) => hint.type === 'group');
    control.disconnect();
  });

  test.each([
    [
      'the user may not subscribe',
      (control: Redis) => control.call('ACL', 'SETUSER', 'default', '-subscribe'),
      (control: Redis) => control.call('ACL', 'SETUSER', 'default', '+subscribe'),
    ],
    [
      'there are too many clients',
      (control: Redis) => control.config('SET', 'maxclients', 2),
      (control: Redis) => control.config('SET', 'maxclients', 100),
    ],
  ])('asking for a subscription again and again makes no storm when %s', async (_why, forbid, allow) => {
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`);
    const control = new Redis(server.url);
    await forbid(control);
    const before = proxy.attempts;
    const beganAt = systemClock.monotonic();
    for (let asked = 0; asked < 50; asked++)
      await expect(on.driver.listen(new Set([`g${asked}`]))).rejects.toMatchObject({
        code: 'CONNECTION',
        cause: { message: expect.stringMatching(/permission|max number of clients/) },
      });
    const seconds = (systemClock.monotonic() - beganAt) / 1000;
    expect(proxy.attempts - before).toBeLessThanOrEqual(FIRST_MOMENTS + seconds * PER_SECOND);
    await allow(control);
    // What was asked for last stands, though nobody asks again.
    await on.hint((hint) => hint.type === 'reset');
    await on.driver.join({ group: 'g49', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
    await on.hint((hint) => hint.type === 'group' && hint.group === 'g49');
    control.disconnect();
  });

  test('nor when it is asked for while the server is away', async () => {
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`);
    await on.driver.listen(new Set());
    const before = proxy.attempts;
    const beganAt = systemClock.monotonic();
    proxy.refuse(true);
    proxy.cut();
    for (let asked = 0; asked < 50; asked++) {
      await expect(on.driver.listen(new Set([`g${asked}`]))).rejects.toMatchObject({ code: 'CONNECTION' });
      // Whatever was pending for the subscription when all broke is over.
      if (asked === 24) await proxy.attempted(before + 3);
    }
    const seconds = (systemClock.monotonic() - beganAt) / 1000;
    expect(proxy.attempts - before).toBeLessThanOrEqual(FIRST_MOMENTS + seconds * PER_SECOND);
    const heard = on.hints.length;
    proxy.refuse(false);
    await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) >= heard);
    await on.driver.join({ group: 'g49', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
    await on.hint((hint) => hint.type === 'group' && hint.group === 'g49');
  });

  test('nor when it is asked for each time that it breaks', async () => {
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`);
    await on.driver.listen(new Set());
    const control = new Redis(server.url);
    const before = proxy.attempts;
    const beganAt = systemClock.monotonic();
    for (let kills = 0; kills < 20; kills++) {
      // The driver has heard of the end when the round trip is over.
      if (await control.call('CLIENT', 'KILL', 'TYPE', 'pubsub')) await on.driver.listGroups();
      await on.driver.listen(new Set([`g${kills}`])).catch(() => {});
    }
    const seconds = (systemClock.monotonic() - beganAt) / 1000;
    expect(proxy.attempts - before).toBeLessThanOrEqual(FIRST_MOMENTS + seconds * PER_SECOND);
    control.disconnect();
  });

  test('a subscription that has fallen silent is found out', async () => {
    await using on = await driverOn(server.url, { clock: hurried });
    await using through = await driverOn(`redis://127.0.0.1:${proxy.port}`, { clock: hurried });
    await through.driver.listen(new Set(['g']));
    const heard = through.hints.length;
    const before = proxy.attempts;
    // Nothing is called: only the probe can notice.
    proxy.stall('down');
    await proxy.attempted(before + 1);
    proxy.resume();
    await through.hint((hint) => hint.type === 'reset' && through.hints.indexOf(hint) >= heard);
    await on.driver.join({ group: 'g', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
    await through.hint((hint) => hint.type === 'group');
  });
});
