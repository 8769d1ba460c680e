import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { JobError } from '../job-error.js';

/** How to speak TLS with the query engine, as given on the command line. */
export interface TlsFlags {
  readonly engineTls?: boolean;
  readonly engineCa?: string;
  readonly engineCert?: string;
  readonly engineKey?: string;
}

/** Absolute paths of PEM files. */
export interface EngineTls {
  /** Certificates to trust; null: those that Node trusts. */
  readonly ca: string | null;
  /** The client's own certificate with its key; null: none. */
  readonly own: { readonly cert: string; readonly key: string } | null;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Decides whether and how to speak TLS: command line, then environment. A named file switches it on, as does
 * HOLDFAST_ENGINE_TLS=on; null: it is off.
 *
 * @throws JobError that names the source of a file that cannot be read, and of a certificate without key.
 */
export function resolveEngineTls(flags: TlsFlags, env: Env, cwd: string): EngineTls | null {
  const file = (flag: string | undefined, flagName: string, envName: string): string | null => {
    const given = flag ?? (env[envName] || undefined);
    return given === undefined
      ? null
      : readable(path.resolve(cwd, given), flag === undefined ? envName : flagName);
  };
  const ca = file(flags.engineCa, '--engine-ca', 'HOLDFAST_ENGINE_CA');
  const cert = file(flags.engineCert, '--engine-cert', 'HOLDFAST_ENGINE_CERT');
  const key = file(flags.engineKey, '--engine-key', 'HOLDFAST_ENGINE_KEY');
  if ((cert === null) !== (key === null)) {
    throw new JobError(
      'CONFIG',
      `the engine's client ${cert === null ? 'key' : 'certificate'} is named alone`,
      {
        remedy:
          'Give both --engine-cert and --engine-key (HOLDFAST_ENGINE_CERT, HOLDFAST_ENGINE_KEY), or neither.',
      },
    );
  }
  if (!isOn(flags, env) && ca === null && cert === null) return null;
  return Object.freeze({ ca, own: cert === null || key === null ? null : Object.freeze({ cert, key }) });
}

function isOn({ engineTls }: TlsFlags, env: Env): boolean {
  const text = env['HOLDFAST_ENGINE_TLS'] || 'off';
  if (engineTls === true || text === 'on') return true;
  if (text === 'off') return false;
  throw new JobError('CONFIG', `HOLDFAST_ENGINE_TLS is ${JSON.stringify(text)}`, {
    remedy: 'Use on or off.',
  });
}

/** Looked at here, so that the message names the source; what is in it is the client's to judge. */
function readable(file: string, from: string): string {
  try {
    accessSync(file, constants.R_OK);
    if (statSync(file).isFile()) return file;
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new JobError('CONFIG', `${from}: ${file} cannot be read: ${why}`, { remedy: REMEDY, cause });
  }
  throw new JobError('CONFIG', `${from}: ${file} is no file`, { remedy: REMEDY });
}

const REMEDY = 'Name a PEM file that this user may read.';
