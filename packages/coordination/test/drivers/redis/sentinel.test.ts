import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startSentinel } from '../../support/redis-sentinel.js';
import { driverOn, lockNamed } from './driver-on.js';
import { beating, drop, take } from './requests.js';

test('B17, B27: a failover to a replica that lacks the last writes', async () => {
  await using cluster = await startSentinel({ sentinels: 3, password: 'pw' });
  const url = cluster.url.replace('//', '//:pw@');
  await using on = await driverOn(url, { clientId: 'a', timeoutMs: 20_000 });
  await using other = await driverOn(url, { clientId: 'b', timeoutMs: 20_000 });
  const [kept, lost] = [lockNamed('kept'), lockNamed('lost')];
  await on.driver.listen(new Set(['g']));
  await take(on.driver, kept, 'a.1');

  const replica = new Redis(cluster.second.url, { password: 'pw' });
  const master = new Redis(cluster.first.url, { password: 'pw' });
  // WAIT: the replica has the first lock. Then it falls behind.
  await master.wait(1, 5_000);
  await replica.config('SET', 'masterauth', 'wrong');
  await master.call('ACL', 'SETUSER', 'default', '-psync');
  await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
  const fence = await take(on.driver, lost, 'a.2');
  master.disconnect();
  replica.disconnect();

  const heard = on.hints.length;
  expect(await cluster.failover()).toBe(cluster.second.port);
  const { leases } = await on.driver.beat(
    beating('m', {
      leases: [
        { lock: kept, token: 'a.1', mode: 'exclusive' },
        { lock: lost, token: 'a.2', mode: 'exclusive' },
      ],
    }),
  );
  expect(leases).toEqual(['renewed', 'lost']);
  expect(await take(other.driver, lost, 'b.1')).toBeGreaterThan(fence);
  expect(await drop(on.driver, lost, 'a.2')).toBe(false);
  await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) >= heard);
  await other.driver.join({ group: 'g', member: 'm', capabilities: Uint8Array.of(0xc0), create: true });
  await on.hint((hint) => hint.type === 'group');
});

test('sentinels that nobody reaches: CONNECTION, and where it looked', async () => {
  await expect(
    driverOn('redis://127.0.0.1:1?sentinel=m&sentinel_fallback=127.0.0.1:2&sentinel_password=s3cr3t'),
  ).rejects.toMatchObject({
    code: 'CONNECTION',
    message: expect.not.stringContaining('s3cr3t'),
  });
});
