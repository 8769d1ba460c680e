import { envPort, type HostPort, parseHostPort } from './host-port.js';

/** Where the query engine is, as given on the command line. */
export interface EngineFlags {
  readonly engine?: string;
  readonly engineUser?: string;
  readonly engineAdmin?: string;
}

/** Where the query engine is. `password` and `adminToken` are not enumerable: nothing prints them by chance. */
export interface EngineSettings {
  readonly router: HostPort;
  readonly user: string;
  readonly password: string;
  readonly admin: HostPort;
  /** Null: none is set. */
  readonly adminToken: string | null;
}

const LOCAL_HOST = '127.0.0.1';
const ENGINE_PORT = 50_051;
const ADMIN_PORT = 50_052;
const LOCAL_CREDENTIAL = 'holdfast';

/**
 * Decides on router, user and admin port: command line, then environment, then the local stack. The admin port is on
 * the router's host unless HOLDFAST_ENGINE_ADMIN says otherwise.
 *
 * @throws JobError that names the source, its value and the remedy.
 */
export function resolveEngineSettings(
  flags: EngineFlags,
  env: Readonly<Record<string, string | undefined>>,
): EngineSettings {
  const router = decide(flags.engine, '--engine', env, 'HOLDFAST_ENGINE') ?? {
    host: LOCAL_HOST,
    port: envPort(env, 'ENGINE_PORT', ENGINE_PORT),
  };
  const admin = decide(flags.engineAdmin, '--engine-admin', env, 'HOLDFAST_ENGINE_ADMIN') ?? {
    host: router.host,
    port: envPort(env, 'ENGINE_ADMIN_PORT', ADMIN_PORT),
  };
  const user = flags.engineUser ?? (env['HOLDFAST_ENGINE_USER'] || LOCAL_CREDENTIAL);
  const password = env['HOLDFAST_ENGINE_PASSWORD'] || LOCAL_CREDENTIAL;
  const adminToken = env['HOLDFAST_ADMIN_TOKEN'] || null;
  const settings = { router, user, admin, password, adminToken };
  Object.defineProperty(settings, 'password', { enumerable: false });
  Object.defineProperty(settings, 'adminToken', { enumerable: false });
  return Object.freeze(settings);
}

function decide(
  flag: string | undefined,
  flagName: string,
  env: Readonly<Record<string, string | undefined>>,
  envName: string,
): HostPort | null {
  if (flag !== undefined) return parseHostPort(flag, flagName);
  const text = env[envName] || undefined;
  return text === undefined ? null : parseHostPort(text, envName);
}
