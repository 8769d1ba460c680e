import type { Leadership } from '@holdfast/coordination';
import type { Connection } from '@holdfast/strategy-client';
import type { Logger } from 'pino';
import { type Clock, sleep } from '../clock.js';
import type { Settings } from '../config/settings.js';
import type { TermReport } from '../group/worker-facts.js';
import { printable } from '../output/printable.js';
import { News } from './news.js';
import { openTermConnector, type TermConnector } from './open-term-connector.js';
import { Pace } from './pace.js';
import { isEndOfConnector } from './problems.js';
import { Reconciler, type RunResult } from './reconciler.js';
import { TermTally } from './term-tally.js';
import type { WorkerSettings } from './worker-settings.js';

const MOST_CHARACTERS = 300;

/** What a term needs of its worker. */
export interface TermHost {
  readonly settings: Settings;
  readonly worker: WorkerSettings;
  readonly engine: Connection;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the lease was lost: nothing more may be sent. */
  readonly lost: AbortSignal;
  /** Called at the beginning of the term and after runs that bring news; never rejects. */
  readonly publish: (report: TermReport) => Promise<void>;
  /** Looks at the connector's journal before anything else; throws to refuse. */
  readonly checkJournal: (journalId: string) => void;
  /** Told of each run, for the metrics; null: it could not be carried through. */
  readonly onRun: (result: RunResult | null, durationMs: number) => void;
}

/**
 * One term: a connector of its own, and a run every interval (`Pace`) until the leadership's signal aborts. Asked to step down, it
 * begins nothing more and lets running sagas end for `drainMs`; having lost the lease, it sends nothing more at once. In
 * both cases the journal keeps the rest for the next leader. A run that fails ends nothing.
 *
 * @throws when connector or journal cannot be used, as `LEADERSHIP_STALE` or `JOURNAL_STOPPED`.
 */
export async function serveTerm(leadership: Leadership, host: TermHost): Promise<void> {
  const { term, signal: stop } = leadership;
  const { clock, worker, logger } = host;
  const tally = new TermTally(term, clock.now());
  const opened = await openTermConnector({ settings: host.settings, term, signal: host.lost, logger });
  const closed = closeAtEnd(opened, stop, () => (host.lost.aborted ? 0 : worker.drainMs));
  try {
    host.checkJournal(opened.connector.journalId);
    opened.connector.on('adopt', () => tally.adopted());
    const { connector, session } = opened;
    const reconciler = new Reconciler({ connector, session, engine: host.engine, clock, settings: worker });
    const news = new News(clock);
    const pace = new Pace(worker.intervalMs);
    await host.publish(news.told(tally.report));
    while (!stop.aborted) {
      const result = await oneRun(reconciler, tally, stop, host);
      if (stop.aborted) break;
      pace.ran(result);
      if (news.isDue(tally.report)) await host.publish(news.told(tally.report));
      if (result?.more !== true) await sleep(clock, pace.pauseMs, stop);
    }
  } finally {
    await closed.end();
  }
}

/** What the run came to; null: it could not be carried through. */
async function oneRun(
  reconciler: Reconciler,
  tally: TermTally,
  stop: AbortSignal,
  { clock, logger, onRun }: TermHost,
): Promise<RunResult | null> {
  const began = clock.monotonic();
  const errorBefore = tally.report.error;
  try {
    const result = await reconciler.run(stop);
    const tookMs = clock.monotonic() - began;
    tally.ended(result, clock.now(), tookMs);
    onRun(result, tookMs);
    tell(result, errorBefore, { tookMs, logger });
    return result;
  } catch (error) {
    if (stop.aborted) return null;
    if (isEndOfConnector(error)) throw error;
    const why = printable(error instanceof Error ? error.message : String(error), MOST_CHARACTERS);
    const tookMs = clock.monotonic() - began;
    tally.failed(why, clock.now(), tookMs);
    onRun(null, tookMs);
    if (why !== errorBefore) logger.warn({ err: error }, 'a run failed; the next one tries again');
    return null;
  }
}

function tell(
  { wanted, created, deleted, repaired, foreign, open, error }: RunResult,
  errorBefore: string | null,
  { tookMs, logger }: { readonly tookMs: number; readonly logger: Logger },
): void {
  const ms = Math.round(tookMs);
  if (created + deleted + repaired > 0) {
    logger.info({ wanted, created, deleted, repaired, foreign, open, ms }, 'the cluster was changed');
  }
  if (error !== null && error !== errorBefore) logger.warn({ left: error }, 'something is left to do');
  if (error === null && errorBefore !== null) logger.info({}, 'runs succeed again');
}

/** Closes the connector as soon as the term is to end, while the run comes to its end; and when the term ends by itself. */
function closeAtEnd(
  opened: TermConnector,
  stop: AbortSignal,
  graceMs: () => number,
): { readonly end: () => Promise<void> } {
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= opened.close(graceMs());
    // Awaited by `end`; until then nobody listens.
    closing.catch(() => undefined);
    return closing;
  };
  const onStop = (): void => void close();
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  return {
    end: () => {
      stop.removeEventListener('abort', onStop);
      return close();
    },
  };
}
