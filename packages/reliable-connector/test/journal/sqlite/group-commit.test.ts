import { expect, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.js';
import type { StepResult } from '../../../src/journal/records.js';
import { begun, joinOptions, plan } from '../conformance/world.js';
import { ManualClock } from '../manual-clock.js';
import { caught, stranger } from './connections.js';
import { joined, opened, testPath } from './session.js';

const RESULT: StepResult = {
  verb: 'POST',
  token: 1,
  verdict: 'ours',
  status: 201,
  everUnknown: false,
  alive: false,
};

/** The host's clock, but its timers fire when the test says so. */
class HeldTimers implements Clock {
  readonly waiting: (() => void)[] = [];
  readonly now = systemClock.now;
  readonly monotonic = systemClock.monotonic;

  schedule(_delayMs: number, action: () => void): () => void {
    this.waiting.push(action);
    return () => void this.waiting.splice(this.waiting.indexOf(action), 1);
  }

  fire(): void {
    for (const action of this.waiting.splice(0)) action();
  }
}

test('the writes of one turn share a commit, those of two do not', async () => {
  const { journal, commits } = await caught(await testPath());
  const session = await journal.join(joinOptions(new ManualClock()));
  const before = commits();
  for (let turn = 0; turn < 3; turn++)
    await Promise.all(Array.from({ length: 100 }, (_, i) => session.begin(plan(`t${turn}-${i}`))));
  expect(commits() - before).toBe(3);
});

test('a record that SQLite refuses fails alone', async () => {
  const { session } = await joined(await testPath());
  const first = await begun(session, 'g0');
  const settled = await Promise.allSettled([
    session.begin(plan('g1')),
    session.change(first, { type: 'direct', direction: 'forward' }, []),
    session.begin(plan('g2', { phase: 'nonsense' as never })),
    session.begin(plan('g1')),
    session.begin(plan('g3')),
  ]);
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(settled[2]).toMatchObject({
    reason: { code: 'INVALID_ARGUMENT', cause: { code: 'SQLITE_CONSTRAINT_CHECK' } },
  });
  expect(settled[3]).toMatchObject({ value: { kind: 'busy' } });
  expect((await session.sagas({})).map(({ key }) => key)).toEqual(['g0', 'g1', 'g3']);
  expect(await session.saga(first.id)).toMatchObject({ direction: 'forward' });
  expect((await session.begin(plan('g2'))).kind).toBe('begun');
});

test('a record that is refused half-way leaves its saga as it was', async () => {
  const { session } = await joined(await testPath());
  const saga = await begun(session, 'g1');
  const hot = [{ key: 'g1', step: 'a', token: 1.5, until: Number.NaN }];
  const [end, neighbour] = await Promise.allSettled([
    session.change(saga, { type: 'end', outcome: null, catalog: { set: 1.5 }, hot }, []),
    session.begin(plan('g2')),
  ]);
  expect(end).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_ARGUMENT' } });
  expect(neighbour).toMatchObject({ value: { kind: 'begun' } });
  expect(await session.saga(saga.id)).toEqual(saga);
  expect(await session.catalogEntry('g1')).toBeNull();
  session.note(saga, 'a', RESULT, []);
  expect(await session.change(saga, { type: 'direct', direction: 'forward' }, [])).toMatchObject({
    direction: 'forward',
    results: { a: RESULT },
  });
});

test('a held journal is waited for without blocking the loop', async () => {
  const path = await testPath();
  const { session } = await joined(path);
  const holder = stranger(path);
  holder.exec('BEGIN IMMEDIATE');
  let settled = false;
  const write = session.begin(plan('g1')).finally(() => {
    settled = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  expect(await session.sagas({})).toEqual([]);
  holder.exec('COMMIT');
  expect((await write).kind).toBe('begun');
});

test('a journal that is held for longer than busyMs is busy, and takes writes again afterwards', async () => {
  const path = await testPath();
  const journal = await opened(path, { busyMs: 0 });
  const session = await journal.join(joinOptions(new ManualClock()));
  const holder = stranger(path);
  holder.exec('BEGIN IMMEDIATE');
  await expect(session.begin(plan('g1'))).rejects.toMatchObject({ code: 'JOURNAL_BUSY', retryable: true });
  holder.exec('COMMIT');
  expect((await session.begin(plan('g1'))).kind).toBe('begun');
  expect(await session.sagas({})).toHaveLength(1);
});

test('a hint alone is written after a while', async () => {
  const path = await testPath();
  const clock = new HeldTimers();
  const { journal } = await caught(path, { clock });
  const session = await journal.join(joinOptions(new ManualClock()));
  const saga = await begun(session, 'g1');
  session.note(saga, 'a', RESULT, []);
  session.note(saga, 'b', RESULT, []);
  expect((await session.saga(saga.id))?.results).toEqual({});
  expect(clock.waiting).toHaveLength(1);
  clock.fire();
  await vi.waitFor(async () => {
    expect((await session.saga(saga.id))?.results).toEqual({ a: RESULT, b: RESULT });
  });
});

test('a hint that the end of its saga has superseded is never written', async () => {
  const path = await testPath();
  const clock = new HeldTimers();
  const { journal, commits } = await caught(path, { clock });
  const session = await journal.join(joinOptions(new ManualClock()));
  const saga = await begun(session, 'g1');
  const before = commits();
  session.note(saga, 'a', RESULT, []);
  const end = session.change(saga, { type: 'end', outcome: null, hot: [] }, []);
  session.note(saga, 'b', RESULT, []);
  const ended = await end;
  clock.fire();
  await begun(session, 'g2');
  expect(commits() - before).toBe(2);
  expect(await session.saga(saga.id)).toEqual(ended);
  expect(ended?.results).toEqual({});
});

test('a hint of a saga that was taken over changes nothing', async () => {
  const path = await testPath();
  const clock = new HeldTimers();
  const { journal } = await caught(path, { clock });
  const session = await journal.join(joinOptions(new ManualClock(), { term: 1n }));
  const leader = await journal.join(joinOptions(new ManualClock(), { term: 2n }));
  const saga = await begun(session, 'g1');
  session.note(saga, 'a', RESULT, []);
  const adopted = await leader.adopt(saga.id, 1, { supersede: true }, []);
  clock.fire();
  await begun(session, 'g2');
  expect(await leader.saga(saga.id)).toEqual(adopted);
  expect(adopted?.results).toEqual({});
});
