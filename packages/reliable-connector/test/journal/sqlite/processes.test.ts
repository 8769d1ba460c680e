import { expect, test } from 'vitest';
import { isToken } from '../../../src/journal/token.js';
import { type ChildWord, JournalChild } from './children.js';
import { allSagas, joined, testPath } from './session.js';

const POLITE = { supersede: false };

test('scenario 24: 4 processes write one file; nothing is lost, no token repeats', async () => {
  const path = await testPath();
  const task = { do: 'write', sagas: 400, concurrency: 32 } as const;
  const children = ['p', 'q', 'r', 's'].map((prefix) => new JournalChild(path, { ...task, prefix }));
  await Promise.all(children.map((child) => child.said('ready')));
  for (const child of children) child.go();
  await Promise.all(children.map((child) => child.said('done')));
  const ended = (await Promise.all(children.map((child) => child.said('ended', 400)))).flat();
  const { session, journal } = await joined(path);
  const stored = await allSagas(session);
  expect(stored.size).toBe(1_600);
  for (const { id, key, token } of ended) {
    expect(stored.get(id)).toMatchObject({ key, token, phase: 'ended' });
    expect(await session.catalogEntry(key)).toMatchObject({ token });
  }
  const tokens = ended.map(({ token }) => token);
  expect(tokens.every(isToken)).toBe(true);
  expect(new Set(tokens).size).toBe(1_600);
  expect(await journal.check()).toEqual({ ok: true, problems: [] });
});

test('4 processes want the same keys; each key has one holder', async () => {
  const path = await testPath();
  const keys = Array.from({ length: 40 }, (_, i) => `shared${i}`);
  const children = [0, 1, 2, 3].map(() => new JournalChild(path, { do: 'hold', keys }));
  await Promise.all(children.map((child) => child.said('ready')));
  const words = children.flatMap((child) => child.words);
  const begun = words.flatMap((word) => (word.word === 'begun' ? [word.key] : []));
  expect(begun.toSorted()).toEqual(keys.toSorted());
  expect(words.filter(({ word }) => word === 'busy')).toHaveLength(120);
});

test('S5 kill -9 at any moment loses nothing that was acknowledged', async () => {
  const path = await testPath();
  const acknowledged: ChildWord[] = [];
  for (const [round, words] of [3, 57, 190].entries()) {
    const child = new JournalChild(path, {
      do: 'write',
      prefix: `r${round}-`,
      sagas: 10_000,
      concurrency: 16,
    });
    await child.said('ready');
    child.go();
    await child.said('ended', words);
    await child.kill();
    acknowledged.push(...child.words);
  }
  const { session, journal } = await joined(path);
  const stored = await allSagas(session);
  expect(acknowledged.filter(({ word }) => word === 'ended').length).toBeGreaterThanOrEqual(250);
  for (const word of acknowledged) {
    if (word.word === 'begun')
      expect(stored.get(word.id)).toMatchObject({ key: word.key, token: word.token });
    if (word.word === 'ended') expect(stored.get(word.id)?.phase).toBe('ended');
  }
  const open = await session.open({});
  expect(open.every(({ ownerAlive }) => !ownerAlive)).toBe(true);
  for (const { saga } of open) expect(await session.adopt(saga.id, saga.epoch, POLITE, [])).not.toBeNull();
  expect((await session.info()).owners).toBe(1);
  expect(await journal.check()).toEqual({ ok: true, problems: [] });
});

test('scenario 20: a stopped owner keeps its sagas, a killed one does not', async () => {
  const path = await testPath();
  const child = new JournalChild(path, { do: 'hold', keys: ['g1'] });
  const [ready] = await child.said('ready');
  const { session } = await joined(path);
  const [open] = await session.open({});
  expect(open).toMatchObject({ ownerAlive: true, owner: { id: ready?.owner } });
  const id = open?.saga.id ?? 0;
  child.signal('SIGSTOP');
  expect(await session.open({})).toMatchObject([{ ownerAlive: true }]);
  expect(await session.adopt(id, 1, POLITE, [])).toBeNull();
  await child.kill();
  expect(await session.open({})).toMatchObject([{ ownerAlive: false }]);
  expect(await session.adopt(id, 1, POLITE, [])).toMatchObject({ epoch: 2 });
});

test('scenario 21: two recoverers at once make one adoption', async () => {
  const path = await testPath();
  const owner = new JournalChild(path, { do: 'hold', keys: ['g1'] });
  const [saga] = await owner.said('begun');
  const rivals = [0, 1].map(() => new JournalChild(path, { do: 'adopt', id: saga?.id ?? 0 }));
  await Promise.all([owner.said('ready'), ...rivals.map((rival) => rival.said('ready'))]);
  await owner.kill();
  for (const rival of rivals) rival.go();
  const words = (await Promise.all(rivals.map((rival) => rival.said('adopted')))).flat();
  expect(words.map(({ won }) => won).toSorted()).toEqual([false, true]);
});
