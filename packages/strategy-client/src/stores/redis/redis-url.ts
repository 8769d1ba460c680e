import { StrategyClientError } from '../../errors.js';
import type { RedisClientOptions } from './client.js';

/** Where a URL leads: how to connect, and how to name it in messages. */
export interface RedisTarget {
  readonly address: string;
  readonly options: RedisClientOptions;
}

/**
 * Reads `redis://user:password@host:port/db`, `rediss:` (TLS) or `redis:///path/of/a/socket?db=1`. Throws
 * `INVALID_ARGUMENT`, and repeats no part of the URL that could be a secret. For Sentinel, client certificates and the
 * like give a client or a function that makes one.
 */
export function parseRedisUrl(text: string): RedisTarget {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'redis:' && url?.protocol !== 'rediss:')
    throw invalid('it is no Redis URL', 'redis://host:port or rediss://host:port');
  const unknown = [...url.searchParams.keys()].filter((name) => name !== 'db');
  if (unknown.length > 0)
    throw invalid(
      `it has the unknown parameter ${unknown[0]}`,
      'a client of ioredis instead for more options',
    );
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const place = host === '' ? socketOf(url) : { host, port: Number(url.port || 6379) };
  return {
    address: 'path' in place ? place.path : `${url.hostname}:${place.port}`,
    options: {
      ...place,
      db: dbOf(url, host === ''),
      ...(url.username === '' ? {} : { username: decoded(url.username, 'user') }),
      ...(url.password === '' ? {} : { password: decoded(url.password, 'password') }),
      ...(url.protocol === 'rediss:' ? { tls: tlsOf(host) } : {}),
    },
  };
}

function socketOf(url: URL): { path: string } {
  const path = decoded(url.pathname, 'path');
  if (path.length > 1 && url.protocol === 'redis:') return { path };
  throw invalid('it names no server', 'redis://host:port, or redis:///path/of/a/socket');
}

function dbOf(url: URL, isSocket: boolean): number {
  const path = isSocket ? '' : url.pathname.slice(1);
  const text = url.searchParams.get('db') ?? (path === '' ? '0' : path);
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw invalid('its database is no whole number', 'redis://host:port/0');
}

/** TLS knows names only, not addresses. */
const tlsOf = (host: string): { servername?: string } =>
  /[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {};

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`its ${part} has a % that begins no UTF-8 character`, `%25 for a % of the ${part}`);
  }
}

const invalid = (what: string, remedy: string): StrategyClientError =>
  new StrategyClientError('INVALID_ARGUMENT', `the URL for redisStore: ${what}; give ${remedy}`);
