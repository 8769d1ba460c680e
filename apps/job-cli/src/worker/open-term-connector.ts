import {
  type Journal,
  type JournalSession,
  openConnector,
  type ReliableConnector,
} from '@holdfast/reliable-connector';
import { openSqliteJournal } from '@holdfast/reliable-connector/journal/sqlite';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.js';

/** Ms over one item; what is not finished then goes on without the run. */
const DEADLINE_MS = 10_000;
/** Ms; longest wait between two attempts of forward work. */
const BACKOFF_CAP_MS = 500;
/** Ms between looks for abandoned sagas. */
const RECOVER_EVERY_MS = 2_000;

/** What a term works with. */
export interface TermConnector {
  readonly connector: ReliableConnector;
  /** The connector's own access to the journal, for its catalog: the groups that are committed. */
  readonly session: JournalSession;
  /** Lets running sagas end for `graceMs`, and closes the journal. Repeating it is harmless. */
  close(graceMs: number): Promise<void>;
}

/**
 * Opens the connector of one leadership term. When `signal` aborts it sends nothing more, at once.
 *
 * @throws ReliableConnectorError, among them `LEADERSHIP_STALE`.
 */
export async function openTermConnector(o: {
  readonly settings: Settings;
  readonly term: bigint;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}): Promise<TermConnector> {
  const { settings, term, signal, logger } = o;
  const file = await openSqliteJournal(settings.journal, { logger });
  let session: JournalSession | null = null;
  const journal: Journal = {
    join: async (options) => {
      session = await file.join(options);
      return session;
    },
    close: () => file.close(),
  };
  try {
    const connector = await openConnector({
      nodes: settings.nodes,
      journal,
      leadership: { term, signal },
      deadlineMs: DEADLINE_MS,
      retry: { capMs: BACKOFF_CAP_MS },
      recoverEveryMs: RECOVER_EVERY_MS,
      logger,
      ...(settings.maxServerLagMs === null ? {} : { maxServerLagMs: settings.maxServerLagMs }),
    });
    if (session === null) throw new Error('the connector did not join its journal');
    const close = async (graceMs: number): Promise<void> => {
      await connector.close({ graceMs });
      await file.close();
    };
    return { connector, session, close };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The id of the journal at `path`, which is made if need be. It stays for the life of the file. */
export async function readJournalId(path: string): Promise<string> {
  const journal = await openSqliteJournal(path);
  try {
    return (await journal.info()).id;
  } finally {
    await journal.close();
  }
}
