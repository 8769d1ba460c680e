import { describe, expect, test } from 'vitest';
import { clientOptions } from '../../../src/drivers/redis/client-options.js';
import { parseRedisUrl } from '../../../src/drivers/redis/redis-url.js';

const options = (url: string) => clientOptions(parseRedisUrl(new URL(url)), 1_000);

describe('a URL in tooz’s words (5.2)', () => {
  test('host, port, credentials, database', async () => {
    expect(await options('redis://us%40er:p%3Aw@example.org:6380/7?db=2')).toMatchObject({
      host: 'example.org',
      port: 6380,
      username: 'us@er',
      password: 'p:w',
      db: 2,
    });
    expect(await options('redis://:pw@[::1]')).toMatchObject({ host: '::1', password: 'pw', db: 0 });
    expect(await options('redis://:pw@h')).not.toHaveProperty('username');
    expect(await options('redis://h')).not.toHaveProperty('tls');
  });

  test('a path without a host is a unix socket', async () => {
    expect(await options('redis:///run/my%20redis.sock')).toMatchObject({ path: '/run/my redis.sock' });
  });

  test('sentinels', async () => {
    const url =
      'redis://user:pw@s1:26380?sentinel=mymaster&sentinel_fallback=s2:26381&sentinel_fallback=[::1]:26382' +
      '&sentinel_username=su&sentinel_password=sp&sentinel_ssl=true';
    const found = await options(url);
    expect(found).toMatchObject({
      name: 'mymaster',
      sentinels: [
        { host: 's1', port: 26380 },
        { host: 's2', port: 26381 },
        { host: '::1', port: 26382 },
      ],
      username: 'user',
      password: 'pw',
      sentinelUsername: 'su',
      sentinelPassword: 'sp',
      sentinelTLS: {},
    });
    expect(found).not.toHaveProperty('host');
    expect(found).not.toHaveProperty('tls');
    expect(await options('redis://s1?sentinel=m')).toMatchObject({
      sentinels: [{ host: 's1', port: 26379 }],
    });
  });

  test.each([
    ['rediss://example.org', { tls: { servername: 'example.org' } }],
    ['redis://127.0.0.1?ssl=yes', { tls: {} }],
    ['redis://h?ssl=1&ssl_cert_reqs=none', { tls: { rejectUnauthorized: false } }],
    ['redis://h?ssl=1&ssl_check_hostname=no', { tls: { checkServerIdentity: expect.any(Function) } }],
    ['redis://h?ssl=1&sentinel=m', { tls: {}, enableTLSForSentinelMode: true }],
  ])('TLS of %s', async (url, expected) => {
    expect(await options(url)).toMatchObject(expected);
  });

  test('a certificate that cannot be read is named', async () => {
    await expect(options('rediss://h?ssl_ca_certs=/no/such.pem')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('ssl_ca_certs=/no/such.pem'),
    });
  });

  test.each([
    ['redis://h?db=-1', 'db=-1'],
    ['redis://h?db=1.5', 'db=1.5'],
    ['redis://h?ssl=perhaps', 'ssl=perhaps'],
    ['redis://h?ssl=1&ssl_cert_reqs=maybe', 'ssl_cert_reqs=maybe'],
    ['redis://h?sentinel_fallback=a:1', 'sentinel_fallback without sentinel'],
    ['redis://h?sentinel=m&sentinel_fallback=a', 'sentinel_fallback=a'],
    ['redis://h?sentinel=', 'sentinel needs a name'],
    ['redis://h?socket_timeout=0', 'socket_timeout=0'],
    ['redis:', 'names no server'],
  ])('%s is refused', (url, message) => {
    expect(() => parseRedisUrl(new URL(url))).toThrow(message);
    expect(() => parseRedisUrl(new URL(url))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  test.each([
    ['redis://:s3cr3t%@h', 'the password'],
    ['redis://s3cr3t%zz:pw@h', 'the user'],
    ['redis:///run/s3cr3t%e9.sock', 'the path'],
  ])('a stray % in %s is told without the text around it', (url, part) => {
    const refused = expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(new RegExp(`^${part} .*%25`)),
    });
    expect(() => parseRedisUrl(new URL(url))).toThrow(refused);
    expect(() => parseRedisUrl(new URL(url))).not.toThrow(/s3cr3t/);
  });

  test('what nobody reads is named; what only Python or the core reads is not', () => {
    const url =
      'redis://h?timeout=3&namespace=n&encoding=utf8&executor=thread&colour=blue&socket_timeout=2.5';
    expect(parseRedisUrl(new URL(url))).toMatchObject({ unknown: ['colour'], socketTimeoutMs: 2_500 });
  });

  test('the address for messages has no credentials', () => {
    expect(parseRedisUrl(new URL('redis://u:p@h:1')).address).toBe('h:1');
    expect(parseRedisUrl(new URL('redis://u:p@h:1?sentinel=m&sentinel_password=q')).address).toBe(
      'master m of sentinels h:1',
    );
  });
});
