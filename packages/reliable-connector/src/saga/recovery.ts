import type { OpenSaga } from '../journal/journal.js';
import { onAbort } from '../on-abort.js';
import type { Engine } from './engine.js';
import type { SagaRun } from './saga-run.js';

/** So many abandoned sagas are at work at once; the others follow in the order of the journal. */
const AT_ONCE = 64;

export interface RecoveryOptions {
  /** Also wait for what only waits for Q; parked sagas are never waited for. */
  readonly wait: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Whether this session may take a saga from its live owner (4.6): a lower term, and every node fenced. */
  readonly mayTakeOver: (open: OpenSaga) => boolean;
}

export interface Recovery {
  /** Taken over in this pass. */
  readonly adopted: readonly SagaRun[];
  /** Left to their live owners. */
  readonly held: number;
}

/**
 * Adopts what nobody works on any more and goes on with it (4.6). Returns when every adopted saga is decided and every
 * reachable node has answered. One bad saga never stops the others.
 */
export async function recoverAbandoned(engine: Engine, o: RecoveryOptions): Promise<Recovery> {
  const adopted: SagaRun[] = [];
  let held = 0;
  for (let after = 0; !o.signal?.aborted; ) {
    const page = await engine.session.open({ after, limit: AT_ONCE });
    const batch: SagaRun[] = [];
    for (const open of page) {
      after = open.saga.id;
      const mine = engine.running.get(open.saga.id);
      // Resolved by an operator elsewhere: this run would hear of it only at its next write.
      if (mine && mine.saga.epoch < open.saga.epoch) mine.drop();
      if (mine) continue;
      const run = await adoptOne(engine, open, o).catch((err: unknown) => {
        engine.logger.error({ err, sagaId: open.saga.id }, 'a saga could not be adopted');
        return null;
      });
      if (run) batch.push(run);
      else if (open.ownerAlive && open.owner?.id !== engine.session.owner.id) held += 1;
    }
    adopted.push(...batch);
    await whileNot(o.signal, Promise.all(batch.map((run) => rest(run, o.wait))));
    if (page.length < AT_ONCE) break;
  }
  return { adopted, held };
}

async function adoptOne(engine: Engine, open: OpenSaga, o: RecoveryOptions): Promise<SagaRun | null> {
  if (!open.ownerAlive || engine.mayResume(open.saga)) return engine.adopt(open, { supersede: false });
  return o.mayTakeOver(open) ? engine.adopt(open, { supersede: true }) : null;
}

async function rest(run: SagaRun, wait: boolean): Promise<void> {
  await (wait ? run.settled.promise.catch(() => {}) : run.atRest());
}

/** Waits for the work, or for the abort of the signal; the work goes on. */
async function whileNot(signal: AbortSignal | undefined, work: Promise<unknown>): Promise<void> {
  let unlink = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    unlink = onAbort(signal, resolve);
  });
  await Promise.race([work, aborted]);
  unlink();
}
