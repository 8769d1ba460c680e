import { readFile } from 'node:fs/promises';
import { CoordinationError } from '../../errors.js';
import type { RedisClientOptions, TlsOptions } from './ioredis.js';
import type { RedisTarget, TlsTarget } from './redis-url.js';

const KEEP_ALIVE_MS = 30_000;

/**
 * A target in ioredis' terms. Nothing is left to ioredis that has to be bounded or paced: it does not reconnect, queue or
 * send again. Throws `INVALID_ARGUMENT` when a certificate file cannot be read.
 */
export async function clientOptions(target: RedisTarget, timeoutMs: number): Promise<RedisClientOptions> {
  const tls = target.tls && (await tlsOptions(target.tls, target.host));
  const { username, password, sentinel } = target;
  return {
    ...place(target),
    db: target.db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls } : {}),
    ...(tls && sentinel ? { enableTLSForSentinelMode: true } : {}),
    ...(sentinel?.username === undefined ? {} : { sentinelUsername: sentinel.username }),
    ...(sentinel?.password === undefined ? {} : { sentinelPassword: sentinel.password }),
    ...(sentinel?.ssl ? { sentinelTLS: tls ?? {} } : {}),
    ...(target.keepAlive ? { keepAlive: KEEP_ALIVE_MS } : {}),
    connectTimeout: timeoutMs,
    sentinelCommandTimeout: timeoutMs,
    lazyConnect: true,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    disableClientInfo: true,
    protocol: 2,
  };
}

function place(target: RedisTarget): RedisClientOptions {
  const { sentinel, path, host, port } = target;
  if (sentinel) return { name: sentinel.name, sentinels: [...sentinel.hosts] };
  if (path !== undefined) return { path };
  return { host, ...(port === undefined ? {} : { port }) };
}

async function tlsOptions(tls: TlsTarget, host: string): Promise<TlsOptions> {
  const ca = await pem('ssl_ca_certs', tls.caCerts);
  const cert = await pem('ssl_certfile', tls.certfile);
  const key = await pem('ssl_keyfile', tls.keyfile);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(tls.verify ? {} : { rejectUnauthorized: false }),
    ...(tls.checkHostname ? {} : { checkServerIdentity: () => undefined }),
    // TLS knows names only, not addresses.
    ...(/[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {}),
  };
}

async function pem(option: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CoordinationError(
      'INVALID_ARGUMENT',
      `${option}=${file} cannot be read; give the path of a PEM file`,
      {
        cause,
      },
    );
  }
}
