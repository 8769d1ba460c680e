import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from './clock.js';
import { type Colour, isColour } from './colour.js';
import type { Refusal } from './engine/credentials.js';
import { EngineMockError } from './engine-mock-error.js';
import type { FaultPlan } from './faults/fault-plan.js';
import { parseFaultPlan } from './faults/parse-fault-plan.js';
import { type Logger, silentLogger } from './logger.js';
import type { Random } from './random.js';
import { durationMs, invalid, whole } from './ranges.js';
import type { TlsOptions } from './router/router.js';
import type { SqlEngine } from './sql/query-source.js';
import {
  DEFAULT_BATCH_BYTES,
  DEFAULT_BATCH_ROWS,
  resolveSqlEngineOptions,
  type SqlEngineOptions,
} from './sql/sql-engine-options.js';

/** How a router with its two deployments is set up. Everything has a default. */
export interface EngineMockOptions extends SqlEngineOptions {
  /** Address to listen on (default 127.0.0.1: reachable from this host only). */
  readonly host?: string | undefined;
  /** Port of the router, 0 to 65535; 0 takes a free one (default 50051). */
  readonly port?: number | undefined;
  /** Port of the admin server, 0 for a free one; false: no admin server (default 50052). */
  readonly adminPort?: number | false | undefined;
  /** Secret for the admin server, 8 characters or more (default: env HOLDFAST_ADMIN_TOKEN, else generated). */
  readonly adminToken?: string | undefined;
  /** Certificate and key; calls are then taken over TLS only (default: in clear text). */
  readonly tls?: TlsOptions | undefined;
  /** The only user that can authenticate (default `holdfast`). */
  readonly user?: string | undefined;
  /** That user's password (default `holdfast`). */
  readonly password?: string | undefined;
  /** How a wrong password is answered: UNAUTHENTICATED, or INTERNAL `Access denied` (default `unauthenticated`). */
  readonly refusal?: Refusal | undefined;
  /** Name that the header `cluster-name` (or `cluster-uuid`) must have where there is one (default: any). */
  readonly clusterName?: string | undefined;
  /** Colour that is active at the start (default blue). */
  readonly active?: Colour | undefined;
  /** How long a switch is announced while both colours serve, in ms up to a day (default 5,000). */
  readonly announceMs?: number | undefined;
  /** How long the old colour's queries may go on after that, in ms up to a day (default 30,000). */
  readonly drainMs?: number | undefined;
  /** Begins a switch every so many ms, up to a day; 0: never (default 0). */
  readonly switchEveryMs?: number | undefined;
  /** Whether a colour answers 456 as long as it is only announced (default false). */
  readonly announceBeforeAccept?: boolean | undefined;
  /** Whether both colours accept each other's sessions, and keep them when one is off (default false). */
  readonly lenientSessions?: boolean | undefined;
  /** How 456 is answered: as a bare HTTP status, or as gRPC UNKNOWN (default `http`). */
  readonly mismatchForm?: 'http' | 'grpc' | undefined;
  /** Whether the cluster is suspended at the start (default false). */
  readonly suspended?: boolean | undefined;
  /** How long a resume takes, in ms up to a day (default 1,000). */
  readonly resumeDelayMs?: number | undefined;
  /** Whether a resume ends in `failed` (default false). */
  readonly resumeFails?: boolean | undefined;
  /** What goes wrong from the start (default nothing). */
  readonly faults?: FaultPlan | undefined;
  /** Seed of the fault dice and of ids; the same seed and calls meet the same faults (default: drawn at the start). */
  readonly seed?: string | number | undefined;
  /** Largest message in bytes, 1,024 to 1 GiB, in both directions (default 300 MiB). */
  readonly maxMessageBytes?: number | undefined;
  /** Sessions of a deployment, 1 to 1,000,000; the least used makes room for one more (default 10,000). */
  readonly maxSessions?: number | undefined;
  /** Queries of a deployment that were not cleared, 1 to 1,000,000; the least used makes room (default 10,000). */
  readonly maxQueries?: number | undefined;
  /** How long `close` waits for running calls, in ms, 0 to 60,000; then they are cut off (default 2,000). */
  readonly closeTimeoutMs?: number | undefined;
  /** What runs the statements of both colours; closed with the engine (default: SQLite in `dataDir`). */
  readonly sql?: SqlEngine | undefined;
  /** Where to log, pino or console (default: nowhere). */
  readonly logger?: Logger | undefined;
  /** Time (default: the host's). */
  readonly clock?: Clock | undefined;
  /** Chance for faults and ids in place of the seeded one (default: dice from `seed`). */
  readonly random?: Random | undefined;
}

/** All options with their defaults filled in and checked. */
export interface ResolvedEngineMockOptions {
  readonly host: string;
  readonly port: number;
  readonly adminPort: number | false;
  readonly adminToken: string;
  readonly tls: TlsOptions | undefined;
  readonly user: string;
  readonly password: string;
  readonly refusal: Refusal;
  readonly clusterName: string | undefined;
  readonly active: Colour;
  readonly announceMs: number;
  readonly drainMs: number;
  readonly switchEveryMs: number;
  readonly announceBeforeAccept: boolean;
  readonly lenientSessions: boolean;
  readonly mismatchForm: 'http' | 'grpc';
  readonly suspended: boolean;
  readonly resumeDelayMs: number;
  readonly resumeFails: boolean;
  readonly faults: FaultPlan;
  readonly seed: string;
  readonly maxMessageBytes: number;
  readonly maxSessions: number;
  readonly maxQueries: number;
  readonly closeTimeoutMs: number;
  readonly dataDir: string | undefined;
  readonly batchRows: number;
  readonly batchBytes: number;
  readonly sql: SqlEngine | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: Random | undefined;
}

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 50_051;
export const DEFAULT_ADMIN_PORT = 50_052;
export const DEFAULT_USER = 'holdfast';
export const DEFAULT_PASSWORD = 'holdfast';
export const DEFAULT_ANNOUNCE_MS = 5_000;
export const DEFAULT_DRAIN_MS = 30_000;
export const DEFAULT_RESUME_DELAY_MS = 1_000;
export const DEFAULT_MAX_MESSAGE_BYTES: number = 300 * 1024 ** 2;
export const DEFAULT_MAX_SESSIONS = 10_000;
export const DEFAULT_MAX_QUERIES = 10_000;
export const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;

const MAX_PORT = 65_535;
const MAX_ENTRIES = 1_000_000;
const MIN_MESSAGE_BYTES = 1_024;
const MAX_MESSAGE_BYTES: number = 1024 ** 3;
const MAX_CLOSE_TIMEOUT_MS = 60_000;
const MIN_TOKEN_LENGTH = 8;

/**
 * Fills defaults, checks ranges and freezes. Reads `HOLDFAST_ADMIN_TOKEN` where no token is given.
 *
 * @throws EngineMockError `INVALID_OPTION` or `INVALID_FAULTS` that names the option, its value and the range.
 */
export function resolveEngineMockOptions(o: EngineMockOptions = {}): ResolvedEngineMockOptions {
  const { adminPort = DEFAULT_ADMIN_PORT } = o;
  return Object.freeze({
    ...resolveSqlEngineOptions({
      dataDir: o.dataDir,
      batchRows: o.batchRows ?? DEFAULT_BATCH_ROWS,
      batchBytes: o.batchBytes ?? DEFAULT_BATCH_BYTES,
    }),
    ...resolveSwitching(o),
    host: o.host ?? DEFAULT_HOST,
    port: whole('port', o.port ?? DEFAULT_PORT, 0, MAX_PORT),
    adminPort: adminPort === false ? false : whole('adminPort', adminPort, 0, MAX_PORT),
    adminToken: checkToken(o.adminToken ?? (process.env['HOLDFAST_ADMIN_TOKEN'] || generateToken())),
    tls: o.tls === undefined ? undefined : Object.freeze({ ...o.tls }),
    user: notEmpty('user', o.user ?? DEFAULT_USER),
    password: notEmpty('password', o.password ?? DEFAULT_PASSWORD),
    refusal: oneOf('refusal', o.refusal ?? 'unauthenticated', ['unauthenticated', 'access-denied']),
    clusterName:
      o.clusterName === undefined ? undefined : notEmpty('clusterName', o.clusterName).toLowerCase(),
    mismatchForm: oneOf('mismatchForm', o.mismatchForm ?? 'http', ['http', 'grpc']),
    faults: parseFaultPlan(o.faults ?? []),
    seed: String(o.seed ?? randomBytes(4).readUInt32LE(0)),
    maxMessageBytes: whole(
      'maxMessageBytes',
      o.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
      MIN_MESSAGE_BYTES,
      MAX_MESSAGE_BYTES,
    ),
    maxSessions: whole('maxSessions', o.maxSessions ?? DEFAULT_MAX_SESSIONS, 1, MAX_ENTRIES),
    maxQueries: whole('maxQueries', o.maxQueries ?? DEFAULT_MAX_QUERIES, 1, MAX_ENTRIES),
    closeTimeoutMs: whole(
      'closeTimeoutMs',
      o.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
      0,
      MAX_CLOSE_TIMEOUT_MS,
    ),
    sql: o.sql,
    logger: o.logger ?? silentLogger,
    clock: o.clock ?? systemClock,
    random: o.random,
  });
}

type Switching = Pick<
  ResolvedEngineMockOptions,
  | 'active'
  | 'announceMs'
  | 'drainMs'
  | 'switchEveryMs'
  | 'announceBeforeAccept'
  | 'lenientSessions'
  | 'suspended'
  | 'resumeDelayMs'
  | 'resumeFails'
>;

function resolveSwitching(o: EngineMockOptions): Switching {
  const active = o.active ?? 'blue';
  if (!isColour(active)) throw invalid('active', active, 'blue or green');
  return {
    active,
    announceMs: durationMs('announceMs', o.announceMs ?? DEFAULT_ANNOUNCE_MS),
    drainMs: durationMs('drainMs', o.drainMs ?? DEFAULT_DRAIN_MS),
    switchEveryMs: durationMs('switchEveryMs', o.switchEveryMs ?? 0),
    announceBeforeAccept: o.announceBeforeAccept ?? false,
    lenientSessions: o.lenientSessions ?? false,
    suspended: o.suspended ?? false,
    resumeDelayMs: durationMs('resumeDelayMs', o.resumeDelayMs ?? DEFAULT_RESUME_DELAY_MS),
    resumeFails: o.resumeFails ?? false,
  };
}

/** A token that nobody guesses, in characters that need no quoting in a shell. */
export function generateToken(): string {
  return randomBytes(24).toString('base64url');
}

function checkToken(token: string): string {
  if (/^[!-~]+$/.test(token) && token.length >= MIN_TOKEN_LENGTH) return token;
  // The value is a secret and stays out of the message.
  throw new EngineMockError(
    'INVALID_OPTION',
    `adminToken (HOLDFAST_ADMIN_TOKEN) must be at least ${MIN_TOKEN_LENGTH} printable characters without blanks`,
  );
}

function notEmpty(name: string, value: string): string {
  if (value !== '') return value;
  throw new EngineMockError('INVALID_OPTION', `${name} is empty; give a text, or leave it out`);
}

function oneOf<T extends string>(name: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) return value;
  throw invalid(name, value, `one of ${known.join(', ')}`);
}
