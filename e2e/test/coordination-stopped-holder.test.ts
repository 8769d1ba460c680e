import { describe, expect, test } from 'vitest';
import { BACKENDS, backendUrl } from '../src/coordination/backends.js';
import { CoordinationWorker } from '../src/coordination/coordination-worker.js';
import { GuardedStore } from '../src/coordination/guarded-store.js';
import { coordinatorFor } from '../src/coordination/observer.js';
import { soon } from '../src/coordination/patience.js';
import { type HoldReport, WAYS, type Way } from '../src/coordination/worker/hold-and-look.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';

leavesNothingBehind();

/** Long enough for a busy machine to stop the holder while its lease is young. */
const TTL_MS = 1_200;
const OPTIONS = { lockTtlMs: TTL_MS, membershipTtlMs: TTL_MS };

/** A holder that is stopped as soon as it looks, until somebody else has had its lock; what it saw then. */
async function stoppedHolder(
  way: Way,
  o: { readonly url: string; readonly store: GuardedStore },
): Promise<HoldReport> {
  const { url, store } = o;
  const next = await coordinatorFor(url, `next-${way}`, OPTIONS);
  const taken = async (): Promise<void> => {
    const lock = next.getLock(way);
    await lock.acquire();
    await store.handlers.write(way, ['next'], Number(lock.fencingToken));
  };
  const worker: CoordinationWorker = new CoordinationWorker(`holder-${way}`, {
    store,
    onLooking: () => void worker.pauseUntil(taken()),
  });
  await worker.begin({ url, seed: 0, options: OPTIONS });
  const report = await soon(`the holder that was ${way} has seen its loss`, worker.line.call('hold', way));
  expect(await worker.stop()).toEqual([]);
  return report;
}

describe.each(BACKENDS)('%s: SIGSTOP of a holder for longer than its lease (B2)', (backend) => {
  test('the first look says lost, and the store refuses whoever does not look', async () => {
    const url = await backendUrl(backend);
    const store = new GuardedStore();
    const reports = await Promise.all(WAYS.map((way) => stoppedHolder(way, { url, store })));
    for (const [at, report] of reports.entries()) {
      const way = WAYS[at];
      expect({ way, ...report }).toMatchObject({
        yesAfterGap: 0,
        first: { aborted: true, threw: 'LEASE_LOST' },
        later: { fired: true, derived: true },
        written: false,
        released: false,
      });
      // No timer could run between the stop and the look, so nothing but the look can have told.
      if (way !== 'idle') expect(report.first).toMatchObject({ fired: false, derived: false });
      expect(report.gapMs).toBeGreaterThan(TTL_MS / 2);
    }
    expect(WAYS.map((way) => store.value(way))).toEqual(WAYS.map(() => ['next']));
    reportLine(
      `stopped holder ${backend}: ${WAYS.map((way, at) => `${way} ${reports[at]?.gapMs.toFixed(0)} ms`).join(', ')}; ` +
        `all lost at the first look, ${store.refused} writes refused`,
    );
  });
});
