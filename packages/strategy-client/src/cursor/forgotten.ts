import type { QueryRun } from './query-run.js';
import type { RowReader } from './row-reader.js';

/**
 * Readers that nobody holds any more, although their query has not ended: it is cleared then, so that a forgotten cursor
 * keeps neither the engine's memory nor a deployment's drain (engine-wire 4.7). A reader is held by its cursor or result,
 * and by each fetch under way: whoever waits for rows may have let go of the rest.
 */
const forgotten = new FinalizationRegistry<QueryRun>((run) => run.forsake());

/** Watches over `reader`, which must not be reachable from `run`. */
export const watchForgotten = (reader: RowReader, run: QueryRun): void =>
  forgotten.register(reader, run, run);

/** The query of `run` has ended, or has another holder. */
export const unwatchForgotten = (run: QueryRun): boolean => forgotten.unregister(run);

const held = new Set<{ readonly reader: RowReader | null }>();

/** What `work` gives; until then `reader` is not forgotten, though its caller may have let go of everything. */
export async function holdWhile<T>(reader: RowReader | null, work: Promise<T>): Promise<T> {
  const hold = { reader };
  held.add(hold);
  try {
    return await work;
  } finally {
    held.delete(hold);
  }
}
