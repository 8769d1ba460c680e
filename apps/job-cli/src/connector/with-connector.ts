import { stat } from 'node:fs/promises';
import type { ReliableConnector } from '@holdfast/reliable-connector';
import type { Settings } from '../config/settings.js';
import { EXIT } from '../exit-codes.js';
import { JobError } from '../job-error.js';
import type { Run } from '../job-host.js';
import { connectorLogger } from './connector-logger.js';
import { countAdopted } from './count-adopted.js';
import { warnOfParked } from './parked-warning.js';
import { traceEvents } from './trace-events.js';

/** Ms over one item, unless the command says otherwise. The connector's own default is for callers that wait. */
export const DEADLINE_MS = 60_000;
/** Ms; longest wait between two attempts of forward work. */
const BACKOFF_CAP_MS = 500;
/** Ms between looks for abandoned sagas while a command works. */
const RECOVER_EVERY_MS = 2_000;

/** How a command wants its connector. */
export interface ConnectOptions {
  /** Whether it takes over abandoned sagas in the background (default false: a command that looks changes nothing). */
  readonly recovers?: boolean;
  /** Whether the journal must already be there (default false: it is created). */
  readonly existing?: boolean;
  /** Whether parked sagas are warned of (default true; a command that lists them needs no warning). */
  readonly warns?: boolean;
}

/**
 * Opens the connector of the settings, warns of parked sagas, runs `use` and closes the connector however that ends.
 * `adopted` counts the unfinished sagas of earlier runs that were taken over so far.
 *
 * @throws JobError `NOT_FOUND` without the journal that must be there; ReliableConnectorError from the opening.
 */
export async function withConnector<T>(
  run: Run,
  o: ConnectOptions,
  use: (connector: ReliableConnector, adopted: () => number) => Promise<T>,
): Promise<T> {
  const settings = await run.settings();
  if (o.existing === true) await requireJournal(settings);
  const { openConnector } = await import('@holdfast/reliable-connector');
  const connector = await openConnector({
    nodes: settings.nodes,
    journal: settings.journal,
    deadlineMs: DEADLINE_MS,
    retry: { capMs: BACKOFF_CAP_MS },
    recoverEveryMs: o.recovers === true ? RECOVER_EVERY_MS : 0,
    logger: connectorLogger(run.io),
    ...(settings.maxServerLagMs === null ? {} : { maxServerLagMs: settings.maxServerLagMs }),
  });
  // At once: the first round of recovery begins as soon as the connector stands.
  const adopted = countAdopted(connector, run.output);
  try {
    if (run.output.verbose) traceEvents(connector, run);
    if (o.warns !== false) await warnOfParked(connector, run.output);
    return await use(connector, adopted);
  } finally {
    await connector.close();
  }
}

/** Refuses to go on without a journal: a mistyped path must not look like an empty one. */
export async function requireJournal(settings: Settings): Promise<void> {
  const found = await stat(settings.journal).catch(() => null);
  if (found?.isFile() === true) return;
  throw new JobError(
    'NOT_FOUND',
    `there is no journal at ${settings.journal} (from ${settings.journalFrom})`,
    {
      exitCode: EXIT.usage,
      remedy: 'Name it with --journal or HOLDFAST_JOURNAL; the first "job create" makes it.',
    },
  );
}
