import { NotImplemented } from '../../errors.js';

/** What a server tells of itself (INFO), as far as it matters here. */
export interface ServerInfo {
  /** What it does when its memory is full; undefined when it does not say. */
  readonly evictionPolicy: string | undefined;
}

/** SET with GET, on which the counter rests. */
const LEAST_VERSION = [6, 2] as const;

/**
 * Reads INFO; an empty one is that of a server that may not be asked. Throws when the server is not fit for writes yet or
 * at all, and `NotImplemented` when it is too old.
 */
export function readInfo(info: string): ServerInfo {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  if (field('loading') === '1') throw new Error('the server is still loading its data');
  if (field('role') === 'slave')
    throw new Error('the server is a replica; name its master, or use sentinel=');
  checkVersion(field('redis_version'));
  return { evictionPolicy: field('maxmemory_policy') };
}

function checkVersion(version: string | undefined): void {
  if (version === undefined) return;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1])) return;
  throw new NotImplemented(
    `the server is Redis ${version}; this driver needs ${LEAST_VERSION.join('.')} or newer`,
  );
}
