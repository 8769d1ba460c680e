import { ConnectionError, CoordinationError } from '../../errors.js';

/** The server answered, with an error. */
export const isReply = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ReplyError';

/** The script is not in the server's cache: it was restarted, or somebody ran SCRIPT FLUSH. Nothing was executed. */
export const isMissingScript = (error: Error): boolean => error.message.startsWith('NOSCRIPT');

/**
 * The server does not execute writes now, but another (or this one, later) will: a replica after a failover, one that
 * loads its data or has lost its master. Nothing was executed. Redis 6 puts the words of a script's error in the middle.
 */
export const isUnfit = (error: Error): boolean =>
  /(^|[ -])(READONLY|LOADING|MASTERDOWN) /.test(error.message);

/**
 * The server refuses what it would do at another time: it runs somebody's endless script, its memory or disk is full, or
 * it misses replicas or masters. Another connection would hear the same. A script that has written is let finish, so
 * nothing was executed.
 */
const isPassing = (error: Error): boolean =>
  /(^|[ -])(BUSY|OOM|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN) /.test(error.message);

/** The server's answer to a command as an error of this package: retryable if it may be another one later. */
export function replyError(operation: string, error: Error): CoordinationError {
  if (isPassing(error))
    return connectionError(`${operation}: Redis cannot do it now, and did nothing`, error);
  const what = /^(NOAUTH|WRONGPASS|NOPERM)/.test(error.message)
    ? `Redis refused it (${error.message}); give the user the right to run scripts, PUBLISH and SUBSCRIBE`
    : `Redis answered ${error.message}`;
  return new CoordinationError('BACKEND', `${operation}: ${what}`, { cause: bare(error) });
}

/** A connection that could not be made, or was lost and did not come back in time; or one that does not serve now. */
export const connectionError = (what: string, cause: unknown): ConnectionError =>
  new ConnectionError(cause instanceof Error ? `${what}: ${cause.message || codeOf(cause)}` : what, {
    ...(cause instanceof Error ? { cause: bare(cause) } : {}),
  });

/** The driver was closed, before the call or under it. */
export const stoppedError = (operation: string): CoordinationError =>
  new CoordinationError('NOT_STARTED', `${operation}: the coordinator was stopped`);

/** ioredis hangs the command and its arguments, the password of AUTH among them, on its errors. */
function bare(error: Error): Error {
  const clean = new Error(error.message || codeOf(error));
  clean.name = error.name;
  const code = codeOf(error);
  return code === '' ? clean : Object.assign(clean, { code });
}

/** An error of several addresses (`localhost`) has a code and no message. */
const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';
