import path from 'node:path';
import { JobError } from '../job-error.js';
import type { FileConfig } from './config-file.js';
import { absoluteUrl, fileOf, sqliteUrl } from './coordination-url.js';

/** Where the workers coordinate, as given on the command line. */
export interface CoordinationFlags {
  readonly coordination?: string;
}

/** Where the workers coordinate, and for how long what they hold lasts without a sign of life. */
export interface CoordinationSettings {
  /** May contain credentials: never to be shown. */
  readonly url: string;
  /** The same for people. */
  readonly shown: string;
  /** Path of the file of a `sqlite:` backend; null for others. */
  readonly file: string | null;
  /** Ms; of membership and leadership. */
  readonly leaseMs: number;
}

const LOCAL_DATA = '.holdfast';
const LEASE_MS = 5_000;
const LEAST_LEASE_MS = 100;
const MOST_LEASE_MS = 3_600_000;

/**
 * Decides where to coordinate: `--coordination`, then COORDINATION_URL, then the configuration file, then
 * coordination.db in HOLDFAST_DATA or .holdfast. A relative path starts from `cwd`, as all paths of a command do. The lease is HOLDFAST_LEASE_MS, which all workers of a group have in common.
 *
 * @throws JobError that names the source and the remedy.
 */
export function resolveCoordination(
  flags: CoordinationFlags,
  env: Readonly<Record<string, string | undefined>>,
  { cwd, file: config }: { readonly cwd: string; readonly file: FileConfig },
): CoordinationSettings {
  const data = path.resolve(cwd, env['HOLDFAST_DATA'] || LOCAL_DATA);
  const given = flags.coordination ?? (env['COORDINATION_URL'] || config.coordination);
  const from = flags.coordination === undefined ? 'COORDINATION_URL' : '--coordination';
  const url = absoluteUrl(given ?? sqliteUrl(path.join(data, 'coordination.db')), from, cwd);
  const file = fileOf(url);
  return Object.freeze({ url, shown: shown(url, file), file, leaseMs: lease(env['HOLDFAST_LEASE_MS']) });
}

function shown(url: string, file: string | null): string {
  const { protocol, host } = new URL(url);
  if (file !== null) return `sqlite:${file}`;
  return host === '' ? protocol : `${protocol}//${host}`;
}

function lease(text: string | undefined): number {
  if (text === undefined || text === '') return LEASE_MS;
  const ms = Number(text);
  if (/^\d+$/.test(text) && ms >= LEAST_LEASE_MS && ms <= MOST_LEASE_MS) return ms;
  throw new JobError('CONFIG', `HOLDFAST_LEASE_MS is ${JSON.stringify(text)}`, {
    remedy: `Give a whole number of ms from ${LEAST_LEASE_MS} to ${MOST_LEASE_MS} (default ${LEASE_MS}).`,
  });
}
