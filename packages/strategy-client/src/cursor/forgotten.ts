import type { QueryRun } from './query-run.js';

/**
 * Cursors and results that nobody holds any more, although their query has not ended: it is cleared then, so that a
 * forgotten cursor keeps neither the engine's memory nor a deployment's drain (engine-wire 4.7).
 */
const forgotten = new FinalizationRegistry<QueryRun>((run) => run.forsake());

/** Watches over `holder`, which must not be reachable from `run`. */
export const watchForgotten = (holder: object, run: QueryRun): void => forgotten.register(holder, run, run);

/** The query of `run` has ended, or has another holder. */
export const unwatchForgotten = (run: QueryRun): boolean => forgotten.unregister(run);
