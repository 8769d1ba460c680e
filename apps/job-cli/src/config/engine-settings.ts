import type { FileConfig } from './config-file.js';
import { type EngineTls, resolveEngineTls, type TlsFlags } from './engine-tls.js';
import { envPort, type HostPort, parseHostPort } from './host-port.js';

/** Where the query engine is, as given on the command line. */
export interface EngineFlags extends TlsFlags {
  readonly engine?: string;
  readonly engineUser?: string;
  readonly engineAdmin?: string;
}

/** Where the query engine is. `password` and `adminToken` are not enumerable: nothing prints them by chance. */
export interface EngineSettings {
  readonly router: HostPort;
  readonly user: string;
  readonly password: string;
  /** Null: calls go in the clear, the password too. */
  readonly tls: EngineTls | null;
  readonly admin: HostPort;
  /** Null: none is set. */
  readonly adminToken: string | null;
}

const LOCAL_HOST = '127.0.0.1';
const ENGINE_PORT = 50_051;
const ADMIN_PORT = 50_052;
const LOCAL_CREDENTIAL = 'holdfast';

/**
 * Decides on router, user, TLS and admin port: command line, then environment, then (the router only) configuration
 * file, then the local stack. The admin port is on the router's host unless HOLDFAST_ENGINE_ADMIN says otherwise.
 *
 * @throws JobError that names the source, its value and the remedy.
 */
export function resolveEngineSettings(
  flags: EngineFlags,
  env: Readonly<Record<string, string | undefined>>,
  { cwd, file }: { readonly cwd: string; readonly file: FileConfig },
): EngineSettings {
  const fromFile = file.engine === undefined ? null : parseHostPort(file.engine, '"engine"');
  const router = decide(flags.engine, '--engine', env, 'HOLDFAST_ENGINE') ??
    fromFile ?? {
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
  const tls = resolveEngineTls(flags, env, cwd);
  const settings = { router, user, tls, admin, password, adminToken };
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
