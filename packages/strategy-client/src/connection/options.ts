import { type Clock, systemClock } from '../clock.js';
import { StrategyClientError } from '../errors.js';
import { inRange, wholeInRange } from '../in-range.js';
import { type Logger, silentLogger } from '../logger.js';
import { DEFAULT_ESCAPES, ESCAPE_STYLES, type EscapeStyle } from '../parameters/index.js';
import { type Random, systemRandom } from '../random.js';
import { type RetryOptions, resolveRetryOptions } from '../recovery/retry-options.js';
import type { StrategyStoreProvider } from '../stores/strategy-store.js';
import type { Int64Mode } from '../wire/types.js';
import { type GrpcOptions, type SortedGrpcOptions, sortGrpcOptions } from './grpc-options.js';
import { flag, headerText, hostName, oneOf, text } from './option-checks.js';

/** Options of `connect`. No environment variable is read. */
export interface ConnectOptions extends RetryOptions {
  /** Name or address of the router, without scheme or port. Required. */
  readonly host: string;
  /** Port of the router, 1 to 65,535. Required. */
  readonly port: number;
  /** Who authenticates: an e-mail address, as a rule. Required. */
  readonly username: string;
  /** The access token of that user. Required. It leaves this process only in calls that authenticate. */
  readonly password: string;
  /** Catalog in which statements are prepared. Default none: the engine's own. */
  readonly catalog?: string;
  /** Schema in which statements are prepared. Default none: the engine's own. */
  readonly database?: string;
  /** Name of the cluster behind a router of several; in lower case in the header `cluster-name`. Default none. */
  readonly clusterName?: string;
  /** Whether to speak TLS. Default false: then also the password goes in the clear. */
  readonly secure?: boolean;
  /** Certificates to trust: path of a PEM file, or its bytes. Default: those that Node trusts. */
  readonly sslCert?: string | Uint8Array | null;
  /** The client's own certificate chain, where the router asks for one: path of a PEM file, or its bytes. Default none. */
  readonly sslClientCert?: string | Uint8Array | null;
  /** Private key to `sslClientCert`, not encrypted: path of a PEM file, or its bytes. Default none. */
  readonly sslKey?: string | Uint8Array | null;
  /** Whether to wake a cluster that is suspended, and wait for it. Default true. */
  readonly autoResume?: boolean;
  /** How long to wait for a cluster that wakes, ms. Default 300,000. */
  readonly autoResumeTimeoutMs?: number;
  /** How often to ask whether it has, ms. Default 5,000. */
  readonly resumePollMs?: number;
  /** Channel options, by gRPC's names, which win over those that this client sets. Default none. */
  readonly grpcOptions?: GrpcOptions;
  /** Whether lines of level debug reach the logger. Default false. */
  readonly debug?: boolean;
  /** Deadline of each call that works on a statement (prepare, execute, metadata, batch, explain), ms. Default 600,000. */
  readonly statementTimeoutMs?: number;
  /** Deadline of each other call (authenticate, clear, cancel, status, catalog, cluster), ms. Default 30,000. */
  readonly controlTimeoutMs?: number;
  /** Age at which the known colour is asked for again, ms; brought into 60,000 to 1,800,000. Default 300,000. */
  readonly strategyCacheTimeoutMs?: number;
  /** Largest message, sent or received, bytes. Default 314,572,800 (300 MiB). */
  readonly maxMessageBytes?: number;
  /** What a LONG is in rows: `bigint`; `string`; or `number`, which refuses what it cannot hold. Default `bigint`. */
  readonly int64?: Int64Mode;
  /** How the engine reads quoted texts, for `%(name)s` parameters. Default `backslash`, the engine's own. */
  readonly escapes?: EscapeStyle;
  /** Whether a query is cleared on the engine as soon as its last row has been read. Default true. */
  readonly autoClear?: boolean;
  /** Where connections share what colour is active. Default: within this process. */
  readonly store?: StrategyStoreProvider;
  /** Where to report what no caller hears. Default: nowhere. */
  readonly logger?: Logger;
  /** Default: the host's clocks. */
  readonly clock?: Clock;
  /** Default: the operating system's chance. */
  readonly random?: Random;
}

type Untouched = 'sslCert' | 'sslClientCert' | 'sslKey' | 'store' | 'grpcOptions';

/**
 * All options, filled, checked and frozen. `password` and `sslKey` are not enumerable: no logger prints them, and a copy
 * by spreading lacks them.
 */
export interface ResolvedConnectOptions extends Readonly<Required<Omit<ConnectOptions, Untouched>>> {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly target: string;
  readonly sslCert: string | Uint8Array | undefined;
  readonly sslClientCert: string | Uint8Array | undefined;
  readonly sslKey: string | Uint8Array | undefined;
  readonly store: StrategyStoreProvider | undefined;
  /** Deadline of a prepare, ms: the origin's `grpc_prepare_timeout`, or `statementTimeoutMs`. */
  readonly prepareTimeoutMs: number;
  /** What of `grpcOptions` goes to the channel, under full names. */
  readonly grpcOptions: SortedGrpcOptions['channel'];
}

const DEFAULT_AUTO_RESUME_TIMEOUT_MS = 300_000;
const DEFAULT_RESUME_POLL_MS = 5_000;
const DEFAULT_STATEMENT_TIMEOUT_MS = 600_000;
const DEFAULT_CONTROL_TIMEOUT_MS = 30_000;
const DEFAULT_STRATEGY_CACHE_TIMEOUT_MS = 300_000;
const LEAST_STRATEGY_CACHE_TIMEOUT_MS = 60_000;
const MOST_STRATEGY_CACHE_TIMEOUT_MS = 1_800_000;
const DEFAULT_MAX_MESSAGE_BYTES = 300 * 1024 * 1024;
const LEAST_MESSAGE_BYTES = 1_024;
const MOST_MESSAGE_BYTES = 2 ** 31 - 1;
const DAY_MS = 86_400_000;
const INT64_MODES: readonly Int64Mode[] = ['bigint', 'string', 'number'];

/** Fills defaults, checks ranges and freezes. Throws `INVALID_ARGUMENT` that names the option and its limits. */
export function resolveConnectOptions(given: ConnectOptions): ResolvedConnectOptions {
  const username = text('username', given.username, '');
  const password = text('password', given.password, '');
  if (username === '' || password === '') throw empty('username or password');
  const host = text('host', given.host, '');
  if (host === '' || !given.port) throw empty('host or port');
  const grpc = sortGrpcOptions(given.grpcOptions ?? {});
  const debug = flag('debug', given.debug, false);
  const logger = loggerAt(debug, given.logger ?? silentLogger);
  if (grpc.ignored.length > 0)
    logger.debug({ keys: grpc.ignored }, 'these grpcOptions have no effect in Node');
  const resolved: ResolvedConnectOptions = {
    ...place(hostName(host), wholeInRange('port', given.port, 1, 65_535)),
    username,
    password,
    catalog: text('catalog', given.catalog, ''),
    database: text('database', given.database, ''),
    clusterName: headerText('clusterName', text('clusterName', given.clusterName, '')),
    ...certificates(given),
    ...timeouts(given, grpc),
    autoResume: flag('autoResume', given.autoResume, true),
    ...resolveRetryOptions(given),
    strategyCacheTimeoutMs: cacheTimeout(given.strategyCacheTimeoutMs, logger),
    maxMessageBytes: wholeInRange(
      'maxMessageBytes',
      given.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
      LEAST_MESSAGE_BYTES,
      MOST_MESSAGE_BYTES,
    ),
    int64: oneOf('int64', given.int64, INT64_MODES, 'bigint'),
    escapes: oneOf('escapes', given.escapes, ESCAPE_STYLES, DEFAULT_ESCAPES),
    autoClear: flag('autoClear', given.autoClear, true),
    grpcOptions: Object.freeze(grpc.channel),
    store: given.store,
    debug,
    logger,
    clock: given.clock ?? systemClock,
    random: given.random ?? systemRandom,
  };
  for (const secret of ['password', 'sslKey']) Object.defineProperty(resolved, secret, { enumerable: false });
  return Object.freeze(resolved);
}

const empty = (what: string): StrategyClientError =>
  new StrategyClientError('INVALID_ARGUMENT', `${what} cannot be empty.`);

const place = (host: string, port: number): Pick<ResolvedConnectOptions, 'host' | 'port' | 'target'> => ({
  host,
  port,
  target: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
});

type Certificates = Pick<ResolvedConnectOptions, 'secure' | 'sslCert' | 'sslClientCert' | 'sslKey'>;

function certificates(o: ConnectOptions): Certificates {
  const secure = flag('secure', o.secure, false);
  const sslCert = o.sslCert ?? undefined;
  const sslClientCert = o.sslClientCert ?? undefined;
  const sslKey = o.sslKey ?? undefined;
  if (!secure && (sslCert ?? sslClientCert ?? sslKey) !== undefined)
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      'certificates are given, but the password would go in the clear; pass secure: true, or no certificates',
    );
  if ((sslClientCert === undefined) !== (sslKey === undefined))
    throw new StrategyClientError(
      'INVALID_ARGUMENT',
      'of sslClientCert and sslKey only one is given; give both, or neither',
    );
  return { secure, sslCert, sslClientCert, sslKey };
}

type Timeouts = Pick<
  ResolvedConnectOptions,
  'autoResumeTimeoutMs' | 'resumePollMs' | 'statementTimeoutMs' | 'prepareTimeoutMs' | 'controlTimeoutMs'
>;

function timeouts(o: ConnectOptions, grpc: SortedGrpcOptions): Timeouts {
  const ms = (name: string, value: number): number => inRange(name, value, 1, DAY_MS);
  const statementTimeoutMs = ms('statementTimeoutMs', o.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS);
  return {
    autoResumeTimeoutMs: ms(
      'autoResumeTimeoutMs',
      o.autoResumeTimeoutMs ?? grpc.autoResumeTimeoutMs ?? DEFAULT_AUTO_RESUME_TIMEOUT_MS,
    ),
    resumePollMs: ms('resumePollMs', o.resumePollMs ?? DEFAULT_RESUME_POLL_MS),
    statementTimeoutMs,
    prepareTimeoutMs: grpc.prepareTimeoutMs ?? statementTimeoutMs,
    controlTimeoutMs: ms('controlTimeoutMs', o.controlTimeoutMs ?? DEFAULT_CONTROL_TIMEOUT_MS),
  };
}

/** Clamped, as the origin's configuration promises; said aloud, as nobody would look for it. */
function cacheTimeout(given: number | undefined, logger: Logger): number {
  if (given === undefined) return DEFAULT_STRATEGY_CACHE_TIMEOUT_MS;
  const asked = inRange('strategyCacheTimeoutMs', given, 0, DAY_MS);
  const taken = Math.min(Math.max(asked, LEAST_STRATEGY_CACHE_TIMEOUT_MS), MOST_STRATEGY_CACHE_TIMEOUT_MS);
  if (taken !== asked) logger.warn({ asked, taken }, 'strategyCacheTimeoutMs is out of its range');
  return taken;
}

/** The logger itself, or all of it but its level debug. */
function loggerAt(debug: boolean, logger: Logger): Logger {
  if (debug) return logger;
  return {
    debug: silentLogger.debug,
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
