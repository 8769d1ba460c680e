import { CoordinationError } from '../../errors.js';

/**
 * The file of a `sqlite:` URL: `sqlite:data/jobs.db` and `sqlite://data/jobs.db` are relative to the working directory,
 * `sqlite:/var/lib/jobs.db` and `sqlite:///var/lib/jobs.db` are absolute; `%20` and its like are decoded.
 * Throws `INVALID_ARGUMENT` where it names no file.
 */
export function pathOfUrl(url: URL): string {
  if (url.hash !== '') throw refused(url, 'write %23 for a # that belongs to the path');
  if (url.username !== '' || url.password !== '' || url.port !== '')
    throw refused(url, 'a file has no user, password or port');
  const path = decoded(url);
  if (path === ':memory:') throw refused(url, 'use memory: for a store within one process');
  if (path === '' || path.endsWith('/') || path.includes('\0'))
    throw refused(url, 'give the path of a file, such as sqlite:.holdfast/coordination.db');
  return path;
}

function decoded(url: URL): string {
  try {
    return decodeURIComponent(url.host + url.pathname);
  } catch {
    throw refused(url, 'write %25 for a % that belongs to the path');
  }
}

function refused({ host, pathname }: URL, remedy: string): CoordinationError {
  return new CoordinationError('INVALID_ARGUMENT', `sqlite:${host}${pathname} names no file; ${remedy}`);
}
