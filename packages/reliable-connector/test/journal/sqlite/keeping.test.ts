import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSqliteJournal } from '../../../src/journal/sqlite/index.js';
import { begun, committed, joinOptions, NODES, plan } from '../conformance/world.js';
import { ManualClock } from '../manual-clock.js';
import { caught, stranger } from './connections.js';
import { joined, opened, testPath } from './session.js';

const END = { type: 'end', outcome: null, hot: [] } as const;

describe('the file (4.3)', () => {
  test('is private, in WAL, and synced at every commit', async () => {
    const path = join(await testPath(), 'deeper', 'journal.db');
    const { journal, own } = await caught(path);
    const session = await journal.join(joinOptions(new ManualClock()));
    await committed(session, 'g1');
    for (const name of ['', '-wal', '-shm', `.owners/${session.owner.uuid}.db`])
      expect((await stat(`${path}${name}`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${path}.owners`)).mode & 0o777).toBe(0o700);
    expect(own.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(own.pragma('synchronous', { simple: true })).toBe(2);
    expect(own.pragma('busy_timeout', { simple: true })).toBe(0);
  });

  test('has the owners’ locks beside it only while they live', async () => {
    const path = await testPath();
    const first = await joined(path);
    const second = await joined(path);
    expect(await readdir(`${path}.owners`)).toHaveLength(2);
    await second.session.release();
    expect(await readdir(`${path}.owners`)).toEqual([`${first.session.owner.uuid}.db`]);
    await first.journal.close();
    const third = await joined(path);
    expect(await readdir(`${path}.owners`)).toEqual([`${third.session.owner.uuid}.db`]);
    expect((await third.session.info()).owners).toBe(1);
  });

  test('keeps its id, its slot and its counters from opening to opening', async () => {
    const path = await testPath();
    const first = await joined(path, { term: 3n });
    const { slot, id } = await first.journal.info();
    const saga = await begun(first.session, 'g1');
    await first.session.release();
    await first.journal.close();
    const second = await joined(path);
    expect(await second.journal.info()).toMatchObject({ id, slot, path, fence: 3n, term: 3n, nodes: NODES });
    const next = await begun(second.session, 'g2');
    expect(next.id).toBe(saga.id + 1);
    expect(next.token).toBeGreaterThan(saga.token ?? Number.POSITIVE_INFINITY);
  });

  test('takes another slot when told to', async () => {
    const path = await testPath();
    expect((await (await opened(path, { slot: 5 })).info()).slot).toBe(5);
    expect((await (await opened(path)).info()).slot).toBe(5);
    const journal = await opened(path, { slot: 127 });
    const session = await journal.join(joinOptions(new ManualClock()));
    const { token } = await begun(session, 'g1');
    expect(((token ?? 0) * 2 ** 21) % 128).toBe(127);
    await expect(openSqliteJournal(path, { slot: 128 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(openSqliteJournal(path, { busyMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a reboot', () => {
  test.each([
    ['restarts every wait', 'two', 50_000 + 2_000],
    ['alone does so, not another opening', 'one', 900_000],
    ['is assumed where the system does not tell', null, 50_000 + 2_000],
  ])('%s', async (_, bootId, until) => {
    const path = await testPath();
    const before = await opened(path, { bootId: 'one' });
    const session = await before.join(joinOptions(new ManualClock()));
    await committed(session, 'g1', [{ step: 'a', until: 900_000 }]);
    await session.release();
    await before.close();
    const clock = new ManualClock(1_700_000_000_000, 50_000);
    const after = await (await opened(path, { bootId })).join(joinOptions(clock));
    expect(await after.hot({})).toMatchObject([{ until }]);
  });
});

describe('rebind', () => {
  test('moves, adds and removes nodes that owe nothing', async () => {
    const path = await testPath();
    const { session, journal } = await joined(path);
    await session.release();
    const nodes = { a: 'http://a/v1', b: 'http://moved/v1', d: 'http://d/v1' };
    expect(await journal.rebind(nodes)).toEqual({
      added: ['d'],
      removed: ['c'],
      moved: ['b'],
      needsRepair: true,
    });
    expect((await journal.info()).nodes).toEqual(nodes);
    await expect(journal.join(joinOptions(new ManualClock()))).rejects.toMatchObject({
      code: 'JOURNAL_OTHER_CLUSTER',
    });
    const again = await journal.join(joinOptions(new ManualClock(), { nodes }));
    await again.release();
    expect(await journal.rebind({ a: 'http://a/v1' })).toMatchObject({
      removed: ['b', 'd'],
      needsRepair: false,
    });
  });

  test('is refused while a connector is open', async () => {
    const { journal } = await joined(await testPath());
    await expect(journal.rebind(NODES)).rejects.toMatchObject({ code: 'JOURNAL_BUSY' });
  });

  test('does not remove a node with an unfinished saga or a late request', async () => {
    const { session, journal, clock } = await joined(await testPath());
    const saga = await begun(session, 'g1', { steps: ['a', 'b'] });
    await session.release();
    const { c, ...withoutC } = NODES;
    const { b, ...withoutB } = NODES;
    expect([b, c]).toEqual([NODES['b'], NODES['c']]);
    expect(await journal.rebind(withoutC)).toMatchObject({ removed: ['c'] });
    await journal.rebind(NODES);
    await expect(journal.rebind(withoutB)).rejects.toMatchObject({ code: 'JOURNAL_OTHER_CLUSTER' });
    await expect(journal.rebind(withoutB)).rejects.toThrow(/concern b;/);
    const next = await journal.join(joinOptions(clock));
    await next.adopt(saga.id, 1, { supersede: false }, []);
    const hot = [{ key: 'g1', step: 'c', token: 1.5, until: 0 }];
    await next.change({ id: saga.id, epoch: 2 }, { ...END, hot }, []);
    await next.release();
    await expect(journal.rebind(withoutC)).rejects.toThrow(/concern c;/);
    expect(await journal.rebind(withoutB)).toMatchObject({ removed: ['b'] });
  });
});

describe('check', () => {
  test.each([
    ['a saga above its counter', 'UPDATE journal SET last_saga = 0', /saga counter/],
    ['an owner above its counter', 'UPDATE journal SET last_owner = 0', /owner counter/],
    ['a token above its counter', 'UPDATE journal SET token_counter = 1', /token counter/],
    ['a saga without its owner', 'DELETE FROM owner', /which has no row/],
    ['a catalog without a token', 'UPDATE catalog SET token = -1', /in the catalog is -1/],
    ['a saga that cannot be read', `UPDATE saga SET input = '{' WHERE ended_at IS NULL`, /cannot be read/],
    ['a lost journal row', 'DELETE FROM journal', /0 rows/],
  ])('finds %s', async (_, sql, message) => {
    const path = await testPath();
    const { session, journal } = await joined(path);
    await committed(session, 'g1');
    await begun(session, 'g2');
    expect(await journal.check()).toEqual({ ok: true, problems: [] });
    stranger(path).exec(sql);
    const { ok, problems } = await journal.check();
    expect(ok).toBe(false);
    expect(problems.join('\n')).toMatch(message);
  });
});

describe('backup', () => {
  test('copies a journal in use to a new private file', async () => {
    const path = await testPath();
    const { session, journal } = await joined(path);
    await Promise.all(Array.from({ length: 20 }, (_, i) => committed(session, `g${i}`)));
    const copy = join(dirname(path), 'copy.db');
    const seen: number[] = [];
    const writing = Array.from({ length: 20 }, (_, i) => session.begin(plan(`during${i}`)));
    await journal.backup(copy, { onProgress: ({ total }) => seen.push(total) });
    await Promise.all(writing);
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    const restored = await joined(copy);
    expect((await restored.journal.info()).id).toBe(session.journalId);
    expect(await restored.session.catalog({})).toEqual(await session.catalog({}));
    expect(await restored.journal.check()).toEqual({ ok: true, problems: [] });
    await expect(journal.backup(copy)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
