import type { ReliableConnector } from '@holdfast/reliable-connector';
import type { Run } from '../job-host.js';

/** Ms that running items get to end after an interruption; then the journal keeps them. */
const GRACE_MS = 10_000;

/**
 * At an interruption the connector is closed with grace: running sagas may end, the others stay in the journal and
 * their calls reject with `CLOSED`. Returns what takes the listener away.
 */
export function finishOnInterrupt({ io, output }: Run, connector: ReliableConnector): () => void {
  const finish = (): void => {
    output.note(
      `Interrupted: finishing what was begun, at most ${GRACE_MS / 1_000} s; again to exit at once.`,
    );
    connector.close({ graceMs: GRACE_MS }).catch((error: unknown) => output.error(String(error)));
  };
  if (io.signal.aborted) finish();
  else io.signal.addEventListener('abort', finish, { once: true });
  return () => io.signal.removeEventListener('abort', finish);
}
