import { attempt } from './attempt.js';
import type { PooledConnection, ResolvedPoolOptions } from './pool-options.js';

/** How long one connection may take to close, ms, before its place is given away. */
const CLOSE_ONE_MS = 5_000;

const ignore = (): void => {};

/** Opens a connection; one that comes after its time is closed. */
export function openOne<C extends PooledConnection>(
  o: ResolvedPoolOptions<C>,
  signal: AbortSignal,
): Promise<C> {
  return attempt({
    clock: o.clock,
    what: 'opening a connection',
    timeoutMs: o.openTimeoutMs,
    signal,
    work: o.open,
    late: (connection) => void closeOne(o, connection),
  });
}

/** What is wrong with a connection; null when it answers in time. */
export async function fault<C extends PooledConnection>(
  o: ResolvedPoolOptions<C>,
  connection: C,
  signal: AbortSignal,
): Promise<{ readonly err: unknown } | null> {
  const work = (ended: AbortSignal): Promise<void> => connection.ping(ended);
  try {
    const { clock, pingTimeoutMs: timeoutMs } = o;
    await attempt({ clock, what: 'a ping', timeoutMs, signal, work, late: ignore });
    return null;
  } catch (err) {
    return { err };
  }
}

/** Closes a connection, or lets go of one that does not close. Never rejects. */
export async function closeOne<C extends PooledConnection>(
  o: ResolvedPoolOptions<C>,
  connection: C,
): Promise<void> {
  const { signal } = new AbortController();
  const work = (): Promise<void> => connection.close();
  try {
    const bound = { timeoutMs: CLOSE_ONE_MS, graceMs: 0, signal };
    await attempt({ clock: o.clock, what: 'closing', ...bound, work, late: ignore });
  } catch (err) {
    o.logger.info({ err }, 'closing a connection of the pool failed');
  }
}
