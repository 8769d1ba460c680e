import { type Client, Metadata, status } from '@grpc/grpc-js';
import type { Clock } from '../clock.js';
import { AuthenticationError } from '../errors.js';
import { onAbort } from '../on-abort.js';
import type { OpenedSession, SessionOpener } from '../sessions/opening.js';
import { unlessAborted } from '../sleep.js';
import { parseStrategy } from '../strategy.js';
import type { ResolvedWithStrategyOptions } from './options.js';

/** The caller's `session.open` with a deadline, also where it takes no notice of it. */
export function sessionOpener(
  client: Client,
  o: ResolvedWithStrategyOptions,
  clock: Clock,
): SessionOpener<unknown> | null {
  const { session: hooks, header, sessionTimeoutMs } = o;
  if (hooks === undefined) return null;
  return async (strategy, signal): Promise<OpenedSession<unknown>> => {
    const metadata = new Metadata();
    metadata.set(header, strategy);
    const limit = new AbortController();
    const deadline = new Date(clock.now() + sessionTimeoutMs);
    const unschedule = clock.schedule(sessionTimeoutMs, () => limit.abort(expired(sessionTimeoutMs)));
    const unlink = onAbort(signal, () => limit.abort(signal.reason));
    try {
      const opening = hooks.open({ client, metadata, strategy, deadline, signal: limit.signal });
      const { session, announced } = await unlessAborted(opening, limit.signal);
      if (session === undefined || session === null || session === '')
        throw new AuthenticationError(strategy, 'session.open gave no session');
      return { session, word: parseStrategy(announced) };
    } finally {
      unschedule();
      unlink();
    }
  };
}

/** As grpc-js reports it: nothing was learned about the credentials. */
function expired(ms: number): Error {
  const details = `no session within ${ms} ms (sessionTimeoutMs)`;
  return Object.assign(new Error(details), { code: status.DEADLINE_EXCEEDED, details });
}
