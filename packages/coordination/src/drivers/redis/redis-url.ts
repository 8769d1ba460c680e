import { CoordinationError } from '../../errors.js';

/** Where a URL points to, in the words of tooz (redis-layout 5.2). */
export interface RedisTarget {
  /** Host and port, or path, for messages: never the credentials. */
  readonly address: string;
  readonly host: string;
  readonly port: number | undefined;
  /** A unix socket instead of host and port. */
  readonly path: string | undefined;
  readonly db: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: TlsTarget | undefined;
  readonly sentinel: SentinelTarget | undefined;
  /** Bound of one connection attempt and of one operation; undefined: the coordinator's `timeoutMs`. */
  readonly socketTimeoutMs: number | undefined;
  readonly keepAlive: boolean;
  /** Options that nobody reads. */
  readonly unknown: readonly string[];
}

export interface TlsTarget {
  readonly certfile: string | undefined;
  readonly keyfile: string | undefined;
  readonly caCerts: string | undefined;
  /** Whether the server's certificate has to be valid. */
  readonly verify: boolean;
  /** Whether it has to be for this host. */
  readonly checkHostname: boolean;
}

export interface SentinelTarget {
  /** What the sentinels call the master. */
  readonly name: string;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly ssl: boolean;
}

const SENTINEL_PORT = 26_379;

/** Read by the core, or meant for Python only. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'timeout',
  'membership_timeout',
  'lock_timeout',
  'namespace',
  'encoding',
  'executor',
  'max_workers',
  'retry_on_timeout',
]);
const READ_HERE: ReadonlySet<string> = new Set([
  'db',
  'ssl',
  'ssl_certfile',
  'ssl_keyfile',
  'ssl_ca_certs',
  'ssl_cert_reqs',
  'ssl_check_hostname',
  'sentinel',
  'sentinel_fallback',
  'sentinel_username',
  'sentinel_password',
  'sentinel_ssl',
  'socket_timeout',
  'socket_keepalive',
]);

/** Throws `INVALID_ARGUMENT`, naming the option and what it may be. */
export function parseRedisUrl(url: URL): RedisTarget {
  const query = url.searchParams;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const path = host === '' ? decoded(url.pathname, 'path') : undefined;
  if (path === '')
    throw invalid('the URL names no server', 'redis://host:port, or redis:///path/of/a/unix/socket');
  const port = url.port === '' ? undefined : Number(url.port);
  const sentinel = sentinelOf(query, host, port);
  const seconds = count(query, 'socket_timeout', 0.001);
  return {
    address: sentinel
      ? `master ${sentinel.name} of sentinels ${sentinel.hosts.map((one) => `${one.host}:${one.port}`).join(', ')}`
      : (path ?? `${host}:${port ?? 6379}`),
    host,
    port,
    path,
    db: count(query, 'db', 0, true) ?? 0,
    username: url.username === '' ? undefined : decoded(url.username, 'user'),
    password: url.password === '' ? undefined : decoded(url.password, 'password'),
    tls: url.protocol === 'rediss:' || flag(query, 'ssl') ? tlsOf(query) : undefined,
    sentinel,
    socketTimeoutMs: seconds === undefined ? undefined : seconds * 1000,
    keepAlive: query.get('socket_keepalive') === null || flag(query, 'socket_keepalive'),
    unknown: [...new Set(query.keys())].filter((name) => !ELSEWHERE.has(name) && !READ_HERE.has(name)),
  };
}

function sentinelOf(
  query: URLSearchParams,
  host: string,
  port: number | undefined,
): SentinelTarget | undefined {
  const name = query.get('sentinel');
  const fallbacks = query.getAll('sentinel_fallback').map(hostAndPort);
  if (name === null) {
    if (fallbacks.length === 0) return undefined;
    throw invalid('sentinel_fallback without sentinel', 'sentinel=NAME_OF_THE_MASTER too');
  }
  if (name === '' || host === '')
    throw invalid('sentinel needs a name and a host', 'redis://sentinel-host:26379?sentinel=NAME');
  return {
    name,
    hosts: [{ host, port: port ?? SENTINEL_PORT }, ...fallbacks],
    username: query.get('sentinel_username') ?? undefined,
    password: query.get('sentinel_password') ?? undefined,
    ssl: flag(query, 'sentinel_ssl'),
  };
}

function hostAndPort(text: string): { host: string; port: number } {
  const found = /^(.+):(\d{1,5})$/.exec(text);
  if (found?.[1]) return { host: found[1].replace(/^\[(.*)\]$/, '$1'), port: Number(found[2]) };
  throw invalid(`sentinel_fallback=${text}`, 'host:port');
}

function tlsOf(query: URLSearchParams): TlsTarget {
  const required = query.get('ssl_cert_reqs') ?? 'required';
  if (!['required', 'optional', 'none'].includes(required))
    throw invalid(`ssl_cert_reqs=${required}`, 'required, optional or none');
  return {
    certfile: query.get('ssl_certfile') ?? undefined,
    keyfile: query.get('ssl_keyfile') ?? undefined,
    caCerts: query.get('ssl_ca_certs') ?? undefined,
    verify: required !== 'none',
    checkHostname: query.get('ssl_check_hostname') === null || flag(query, 'ssl_check_hostname'),
  };
}

/** Words as oslo's `bool_from_string` takes them. */
function flag(query: URLSearchParams, name: string): boolean {
  const text = (query.get(name) ?? 'false').trim().toLowerCase();
  if (['1', 't', 'true', 'on', 'y', 'yes'].includes(text)) return true;
  if (['0', 'f', 'false', 'off', 'n', 'no'].includes(text)) return false;
  throw invalid(`${name}=${text}`, 'true or false');
}

function count(query: URLSearchParams, name: string, least: number, whole = false): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value)))
    return value;
  throw invalid(`${name}=${text}`, `a${whole ? ' whole' : ''} number of at least ${least}`);
}

/** Names the part, never what it says: it may be a password. */
function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`the ${part} has a % that begins no UTF-8 character`, `%25 for a % of the ${part} itself`);
  }
}

const invalid = (what: string, remedy: string): CoordinationError =>
  new CoordinationError('INVALID_ARGUMENT', `${what} in the URL; give ${remedy}`);
