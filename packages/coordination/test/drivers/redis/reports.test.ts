import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { ConnectionError } from '../../../src/errors.js';
import type { Logger } from '../../../src/logger.js';
import { startRedis } from '../../support/redis-server.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { type DriverOn, driverOn } from './driver-on.js';

interface Line {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly message: string;
}

function listener(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const at =
    (level: keyof Logger): Logger[keyof Logger] =>
    (fields, message) =>
      void lines.push({ level, fields, message });
  return {
    lines,
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  };
}

/** Resolves when the subscription that was broken, or never was, stands (again). */
const stands = async (on: DriverOn, act: () => unknown): Promise<void> => {
  const heard = on.hints.length;
  act();
  await on.hint((hint) => hint.type === 'reset' && on.hints.indexOf(hint) >= heard);
};

describe('what the log is told of the connection', () => {
  test('a network that flaps is reported once', async () => {
    const { lines, logger } = listener();
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`, { logger });
    await stands(on, () => on.driver.listen(new Set()));
    for (let cuts = 0; cuts < 2; cuts++) await stands(on, () => proxy.cut());
    const address = `127.0.0.1:${proxy.port}`;
    expect(lines).toEqual([
      { level: 'warn', fields: { address }, message: expect.stringContaining('was lost') },
      { level: 'info', fields: { address }, message: expect.stringContaining('again') },
    ]);
  });

  test('a server that is away is reported once, with the reason as `err`', async () => {
    const { lines, logger } = listener();
    await using server = await startRedis();
    await using proxy = await startTcpProxy(server.port);
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`, { logger });
    await stands(on, () => on.driver.listen(new Set()));
    for (let outages = 0; outages < 2; outages++) {
      const before = proxy.attempts;
      proxy.refuse(true);
      proxy.cut();
      await proxy.attempted(before + 2);
      await stands(on, () => proxy.refuse(false));
    }
    const unreachable = lines.filter(({ message }) => message.includes('cannot be reached'));
    expect(unreachable).toMatchObject([
      { level: 'warn', fields: { err: expect.any(ConnectionError), address: `127.0.0.1:${proxy.port}` } },
    ]);
    expect(lines.filter(({ level }) => level === 'info')).toHaveLength(1);
  });
});

describe('a server that evicts keys', () => {
  const about = (lines: readonly Line[]): readonly Line[] =>
    lines.filter(({ message }) => message.includes('maxmemory-policy noeviction'));

  test('is warned of when it is opened, and when that changes, but not by each connection', async () => {
    const { lines, logger } = listener();
    await using server = await startRedis({ args: ['--maxmemory-policy', 'volatile-lru'] });
    await using proxy = await startTcpProxy(server.port);
    await using on = await driverOn(`redis://127.0.0.1:${proxy.port}`, { logger });
    expect(about(lines)).toMatchObject([{ level: 'warn', fields: { evictionPolicy: 'volatile-lru' } }]);
    await stands(on, () => on.driver.listen(new Set()));
    await stands(on, () => proxy.cut());
    expect(about(lines)).toHaveLength(1);
    const control = new Redis(server.url);
    await control.config('SET', 'maxmemory-policy', 'allkeys-lru');
    control.disconnect();
    await stands(on, () => proxy.cut());
    expect(about(lines)).toMatchObject([{}, { fields: { evictionPolicy: 'allkeys-lru' } }]);
  });

  test('one that evicts none is no news', async () => {
    const { lines, logger } = listener();
    await using server = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] });
    await using _on = await driverOn(server.url, { logger });
    expect(lines).toEqual([]);
  });
});
