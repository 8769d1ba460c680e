import { expect, test } from 'vitest';
import type { JournalSession } from '../../../src/journal/journal.js';
import { begun, committed, joinOptions, plan } from '../conformance/world.js';
import { ManualClock } from '../manual-clock.js';
import { JournalChild } from './children.js';
import { caught } from './connections.js';
import { allSagas, joined, testPath } from './session.js';

const STOPPED = { code: 'JOURNAL_STOPPED' };

/** The codes of all calls of a session. */
async function codesOf(session: JournalSession): Promise<Set<string>> {
  const ref = { id: 1, epoch: 1 };
  const calls: readonly Promise<unknown>[] = [
    session.begin(plan('later')),
    session.change(ref, { type: 'direct', direction: 'forward' }, []),
    session.adopt(1, 1, { supersede: false }, []),
    session.resolve(1, 'a', 'done', 'me'),
    session.fence(),
    session.owns(ref),
    session.saga(1),
    session.sagas({}),
    session.open({}),
    session.catalogEntry('g1'),
    session.hot({}),
    session.payHot('g1', 'a', 1, { tombstone: true }),
    session.lapseHot(),
    session.prune({ retentionMs: 0, idempotencyRetentionMs: 0, limit: 1 }),
    session.info(),
    session.release(),
  ];
  const settled = await Promise.allSettled(calls);
  return new Set(settled.map((each) => (each.status === 'rejected' ? each.reason.code : 'fulfilled')));
}

test('scenario 13: a full disk at PLAN stops the journal; nothing is acknowledged, then or later', async () => {
  const path = await testPath();
  const { journal, own } = await caught(path);
  const session = await journal.join(joinOptions(new ManualClock()));
  await committed(session, 'g1');
  const unfinished = await begun(session, 'g2');
  const pages = Number(own.pragma('page_count', { simple: true }));
  expect(own.pragma(`max_page_count = ${pages}`, { simple: true })).toBe(pages);

  const big = 'x'.repeat(50_000);
  const [plan1, plan2, change] = await Promise.allSettled([
    session.begin(plan('g3')),
    session.begin(plan('g4', { input: big })),
    session.change(unfinished, { type: 'direct', direction: 'forward' }, []),
  ]);
  for (const each of [plan1, plan2, change])
    expect(each).toMatchObject({ status: 'rejected', reason: STOPPED });
  expect(plan1).toMatchObject({ reason: { cause: { code: 'SQLITE_FULL' } } });

  own.pragma('max_page_count = 1000000');
  expect(await codesOf(session)).toEqual(new Set(['JOURNAL_STOPPED']));
  await expect(journal.join(joinOptions(new ManualClock()))).rejects.toMatchObject(STOPPED);
  await journal.close();

  const after = await joined(path);
  const sagas = [...(await allSagas(after.session)).values()];
  expect(sagas.map(({ key, direction }) => [key, direction])).toEqual([
    ['g1', null],
    ['g2', null],
  ]);
  expect(await after.session.open({})).toMatchObject([{ ownerAlive: false }]);
});

test('scenario 12: a commit that fails with an I/O error stops the journal', async () => {
  const path = await testPath();
  const child = new JournalChild(path, { do: 'break-log' });
  const [word] = await child.said('codes');
  expect(word?.codes).toEqual(['JOURNAL_STOPPED', 'JOURNAL_STOPPED', 'JOURNAL_STOPPED']);
  await child.ended();
  expect(child.words.map((each) => each.word)).toEqual(['begun', 'ended', 'codes']);
  const { session, journal } = await joined(path);
  expect([...(await allSagas(session)).values()].map(({ key }) => key)).toEqual(['before']);
  expect(await journal.check()).toEqual({ ok: true, problems: [] });
});

test('what waits when the journal is closed is told so', async () => {
  const { session, journal } = await joined(await testPath());
  const waiting = session.begin(plan('g1'));
  await journal.close();
  await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(session.saga(1)).rejects.toMatchObject({ code: 'CLOSED' });
});
