import { appendFile, copyFile, open as openFile, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../../src/journal/sqlite/migrations/index.js';
import { begun, committed } from '../conformance/world.js';
import { JournalChild } from './children.js';
import { allSagas, joined, opened, testPath } from './session.js';

const ONE_SAGA = { do: 'write', prefix: 'g', sagas: 1, concurrency: 1 } as const;
const SOUND = { ok: true, problems: [] };

describe('kill -9 at a commit', () => {
  // The commits of a process with one saga: its OWNER row, PLAN, the end.
  const moments = [1, 2, 3].flatMap((nth) => (['before', 'after'] as const).map((when) => ({ nth, when })));

  test.each(moments)('$when commit $nth: what is durable is what was committed', async (die) => {
    const path = await testPath();
    const child = new JournalChild(path, { ...ONE_SAGA, die });
    if (die.nth > 1) {
      await child.said('ready');
      child.go();
    }
    await child.ended();
    const durable = die.when === 'after' ? die.nth : die.nth - 1;
    expect(child.words.map(({ word }) => word)).toEqual(['ready', 'begun', 'ended'].slice(0, die.nth - 1));
    const { session, journal } = await joined(path);
    const sagas = [...(await allSagas(session)).values()];
    expect(sagas.map(({ phase }) => phase)).toEqual([[], [], ['applying'], ['ended']][durable]);
    expect((await session.catalog({})).length).toBe(durable === 3 ? 1 : 0);
    expect(await journal.check()).toEqual(SOUND);
  });

  test.each(['before', 'after'] as const)(
    'scenario 31: a prune cut off %s its commit loses nothing',
    async (when) => {
      const path = await testPath();
      const first = await joined(path);
      await Promise.all(Array.from({ length: 30 }, (_, i) => committed(first.session, `g${i}`)));
      await committed(first.session, 'hot', [{ step: 'a', until: 1 }]);
      const unfinished = await begun(first.session, 'open');
      await first.journal.close();
      await new JournalChild(path, { do: 'prune', die: { nth: 2, when } }).ended();
      const { session, journal } = await joined(path);
      const left = [...(await allSagas(session)).values()].map(({ key }) => key);
      expect(left).toHaveLength(when === 'before' ? 32 : 2);
      expect(left.slice(-2)).toEqual(['hot', 'open']);
      expect(await session.saga(unfinished.id)).toEqual(unfinished);
      expect(await session.catalog({})).toHaveLength(31);
      expect(await session.hot({})).toHaveLength(1);
      expect(await journal.check()).toEqual(SOUND);
    },
  );
});

describe('a torn log (scenario 11)', () => {
  test('behind the last acknowledged commit loses nothing', async () => {
    const path = await testPath();
    const child = new JournalChild(path, { ...ONE_SAGA, sagas: 1_000 });
    await child.said('ready');
    child.go();
    await child.said('ended', 20);
    child.signal('SIGSTOP');
    const acknowledged = await child.said('ended', 20);
    const bytes = (await stat(`${path}-wal`)).size;
    child.signal('SIGCONT');
    await child.said('ended', acknowledged.length + 20);
    await child.kill();
    const full = (await stat(`${path}-wal`)).size;
    expect(full).toBeGreaterThan(bytes);
    const tears: readonly ((log: string) => Promise<void>)[] = [
      (log) => truncate(log, bytes),
      (log) => truncate(log, bytes + 1),
      (log) => truncate(log, Math.floor((bytes + full) / 2)),
      (log) => truncate(log, full - 1),
      (log) => appendFile(log, Buffer.alloc(10_000, 0x5a)),
      (log) => garble(log, bytes, full),
    ];
    for (const [i, tear] of tears.entries()) {
      const copy = join(dirname(path), `copy${i}.db`);
      await copyFile(path, copy);
      await copyFile(`${path}-wal`, `${copy}-wal`);
      await tear(`${copy}-wal`);
      const { session, journal } = await joined(copy);
      for (const { id, key, token } of acknowledged) {
        expect(await session.saga(id)).toMatchObject({ phase: 'ended', key, token });
        expect(await session.catalogEntry(key)).toMatchObject({ token });
      }
      expect(await journal.check()).toEqual(SOUND);
    }
  });
});

describe('scenario 31: a migration cut off', () => {
  const statements = (MIGRATIONS[0] ?? '').split(';').filter((sql) => sql.trim() !== '').length;

  test.each([0, 1, Math.floor(statements / 2), statements])(
    'after %i statements is repaired by the next opening',
    async (done) => {
      const path = await testPath();
      await new JournalChild(path, { do: 'migrate', statements: done }).ended();
      const { session, journal } = await joined(path);
      await committed(session, 'g1');
      expect(await journal.check()).toEqual(SOUND);
      expect(await journal.info()).toMatchObject({ schemaVersion: MIGRATIONS.length, catalog: 1 });
    },
  );

  test('between the making of the file and its first table', async () => {
    const path = await testPath();
    await (await openFile(path, 'wx')).close();
    const journal = await opened(path);
    expect(await journal.check()).toEqual(SOUND);
  });
});

async function garble(log: string, from: number, to: number): Promise<void> {
  const file = await openFile(log, 'r+');
  try {
    await file.write(Buffer.alloc(to - from, 0xa5), 0, to - from, from);
  } finally {
    await file.close();
  }
}
