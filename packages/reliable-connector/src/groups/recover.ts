import { sleep } from '../clock.js';
import type { OpenSaga } from '../journal/journal.js';
import type { RecoverReport } from '../reports.js';
import { parkedSagas } from '../saga/parked.js';
import { recoverAbandoned } from '../saga/recovery.js';
import type { GroupContext } from './context.js';
import { RETRY_MS } from './hot-keeper.js';

/** Adopts and finishes what was left behind, pays what is due, and reports what only waits (4.6). */
export async function recover(
  context: GroupContext,
  o: { readonly wait: boolean; readonly signal?: AbortSignal | undefined },
): Promise<RecoverReport> {
  const { engine, keeper } = context;
  const { adopted, held } = await recoverAbandoned(engine, {
    ...o,
    mayTakeOver: (open) => mayTakeOver(context, open),
  });
  let owed = await keeper.sweep();
  while (o.wait && owed.length > 0 && !o.signal?.aborted) {
    const next = Math.min(...owed.map((entry) => entry.until)) - engine.clock.monotonic();
    await sleep(engine.clock, Math.max(next, RETRY_MS), o.signal);
    owed = await keeper.sweep();
  }
  const parked = await parkedSagas(engine);
  const now = engine.clock.monotonic();
  const repeats = owed.map(({ key, step, until }) => ({
    groupId: key,
    sagaId: null,
    node: step,
    waitMs: Math.max(0, until - now),
  }));
  const waiting = [...waitingSteps(context), ...repeats];
  const ended = adopted.filter((run) => run.saga.phase === 'ended').length;
  engine.events.emit('recover', { adopted: adopted.length, waiting: waiting.length, parked: parked.length });
  return { adopted: adopted.length, ended, waiting, parked, held };
}

/** From a live owner only by a higher leadership term, and only where every node refuses the old one (4.6). */
function mayTakeOver({ session, calls }: GroupContext, { owner, saga }: OpenSaga): boolean {
  const mine = session.owner.term;
  if (mine === null || owner === null || owner.term === null || owner.term >= mine) return false;
  return saga.steps.every((node) => calls.clients.has(node) && calls.has(node, 'fence'));
}

function waitingSteps({ engine }: GroupContext): RecoverReport['waiting'] {
  const now = engine.clock.monotonic();
  return [...engine.running.values()].flatMap((run) =>
    run.steps
      .filter((step) => step.activity === 'waiting')
      .map((step) => ({
        groupId: run.saga.key ?? '',
        sagaId: run.saga.id,
        node: step.name,
        waitMs: Math.max(0, step.waitsUntil - now),
      })),
  );
}
