import { readFileSync } from 'node:fs';
import { EngineMockError } from '../engine-mock-error.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import { parseFaultPlan } from '../faults/parse-fault-plan.js';
import { type EngineMockOptions, generateToken } from '../options.js';
import { readDuration } from './duration.js';
import { readLogLevel } from './log-level.js';

/** The flags as commander gives them: text, or true for a flag without a value. */
export interface Flags {
  readonly port?: string;
  readonly adminPort?: string;
  readonly host?: string;
  readonly data?: string;
  readonly user?: string;
  readonly password?: string;
  readonly refusal?: string;
  readonly clusterName?: string;
  readonly active?: string;
  readonly switchEvery?: string;
  readonly announce?: string;
  readonly drain?: string;
  readonly announceBeforeAccept?: boolean;
  readonly lenientSessions?: boolean;
  readonly errorForm?: string;
  readonly suspended?: boolean;
  readonly resumeDelay?: string;
  readonly resumeFails?: boolean;
  readonly faults?: string;
  readonly seed?: string;
  readonly batchRows?: string;
  readonly batchBytes?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
  readonly logLevel?: string;
  readonly welcome?: boolean;
}

/** What the app starts with. */
export interface Settings {
  readonly options: EngineMockOptions;
  readonly logLevel: string;
  readonly welcome: boolean;
  /** Whether the admin token was made up now, so that it must be shown. */
  readonly tokenIsNew: boolean;
}

/**
 * Brings flags and environment together: a flag wins. Ranges are checked when the engine starts.
 *
 * @throws EngineMockError `INVALID_OPTION` or `INVALID_FAULTS` that names the flag or variable.
 */
export function readSettings(flags: Flags, env: NodeJS.ProcessEnv): Settings {
  const welcome = flags.welcome ?? false;
  const known = env['HOLDFAST_ADMIN_TOKEN'] || undefined;
  const options: EngineMockOptions = {
    host: flags.host ?? text(env['ENGINE_HOST']),
    port: readNumber('--port (ENGINE_PORT)', flags.port ?? env['ENGINE_PORT']),
    adminPort: readNumber('--admin-port (ENGINE_ADMIN_PORT)', flags.adminPort ?? env['ENGINE_ADMIN_PORT']),
    adminToken: known ?? generateToken(),
    dataDir: flags.data ?? text(env['ENGINE_DATA']),
    user: flags.user ?? text(env['ENGINE_USER']),
    password: flags.password ?? text(env['ENGINE_PASSWORD']),
    refusal: readChoice('--refusal', flags.refusal, ['unauthenticated', 'access-denied']),
    clusterName: flags.clusterName,
    active: readChoice('--active', flags.active, ['blue', 'green']),
    switchEveryMs: readDuration('--switch-every', flags.switchEvery),
    announceMs: readDuration('--announce', flags.announce),
    drainMs: readDuration('--drain', flags.drain),
    announceBeforeAccept: flags.announceBeforeAccept,
    lenientSessions: flags.lenientSessions,
    mismatchForm: readChoice('--error-form', flags.errorForm, ['http', 'grpc']),
    suspended: flags.suspended,
    resumeDelayMs: readDuration('--resume-delay', flags.resumeDelay),
    resumeFails: flags.resumeFails,
    faults: readFaults(flags.faults),
    seed: flags.seed,
    batchRows: readNumber('--batch-rows', flags.batchRows),
    batchBytes: readNumber('--batch-bytes', flags.batchBytes),
    tls: readTls(flags),
  };
  return {
    options,
    welcome,
    logLevel: readLogLevel(flags.logLevel, welcome),
    tokenIsNew: known === undefined,
  };
}

function readFaults(json: string | undefined): FaultPlan | undefined {
  if (json === undefined) return undefined;
  let plan: unknown;
  try {
    plan = JSON.parse(json);
  } catch (cause) {
    throw new EngineMockError('INVALID_OPTION', `--faults is no JSON: ${String(cause)}`, { cause });
  }
  return parseFaultPlan(plan);
}

function readTls({ tlsCert, tlsKey, tlsCa }: Flags): EngineMockOptions['tls'] {
  if (tlsCert === undefined && tlsKey === undefined && tlsCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new EngineMockError('INVALID_OPTION', 'TLS needs both --tls-cert and --tls-key');
  }
  return {
    cert: readPem('--tls-cert', tlsCert),
    key: readPem('--tls-key', tlsKey),
    clientCa: tlsCa === undefined ? undefined : readPem('--tls-ca', tlsCa),
  };
}

function readPem(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new EngineMockError('INVALID_OPTION', `${flag}: ${file} cannot be read: ${code}`, { cause });
  }
}

function readChoice<const T extends string>(
  name: string,
  value: string | undefined,
  choices: readonly T[],
): T | undefined {
  const choice = choices.find((one) => one === value);
  if (value === undefined || choice !== undefined) return choice;
  throw new EngineMockError('INVALID_OPTION', `${name} is '${value}'; it must be ${choices.join(' or ')}`);
}

function readNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return number;
  throw new EngineMockError('INVALID_OPTION', `${name} is '${value}'; it must be a number`);
}

/** A variable that is set to nothing counts as not set. */
function text(value: string | undefined): string | undefined {
  return value || undefined;
}
