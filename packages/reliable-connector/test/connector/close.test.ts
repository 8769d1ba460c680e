import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { FROM_SOURCE } from '../../../../tooling/from-source/flags.js';
import { createMemoryJournal, openConnector } from '../../src/index.js';
import { openSqliteJournal } from '../../src/journal/sqlite/index.js';
import { connect, FAST, LAG_MS, next } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { held, shareStage } from './support/stage.js';

const stage = shareStage();
const CLOSED = { code: 'CLOSED', retryable: false };

test('with grace, running sagas end and their callers are told; new calls are refused meanwhile', async () => {
  const { nodes, gate, cluster } = stage();
  const connector = await connect(nodes);
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  gate.rule = async ({ method }): Promise<Fate> => {
    if (method === 'POST') await opened;
    return 'pass';
  };
  const planned = next(connector, 'plan');
  const creating = connector.createGroup('a');
  await planned;
  const closing = connector.close({ graceMs: 20_000 });
  await expect(connector.createGroup('b')).rejects.toMatchObject(CLOSED);
  open();
  expect(await creating).toMatchObject({ status: 'committed' });
  await closing;
  expect(Object.values(await held(cluster, 'a'))).not.toContain(null);
  expect(await held(cluster, 'b')).toMatchObject({ node01: null });
});

test('grace covers calls whose saga has not begun yet', async () => {
  const { nodes, folder } = stage();
  const connector = await connect(nodes, { journal: join(folder, 'grace.db') });
  const calls = ['c', 'c', 'd'].map((id) => connector.createGroup(id));
  await connector.close({ graceMs: 20_000 });
  const outcomes = await Promise.all(calls);
  expect(outcomes.map(({ status }) => status)).toEqual(['committed', 'rejected', 'committed']);
});

test('grace that is not enough leaves the saga to recovery, as no grace does', async () => {
  const { nodes, gate } = stage();
  const journal = createMemoryJournal();
  for (const graceMs of [0, 30]) {
    const connector = await connect(nodes, { journal });
    gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 500 : 'pass');
    const posting = next(connector, 'attempt', ({ verb }) => verb === 'POST');
    const left = expect(connector.createGroup(`left ${graceMs}`)).rejects.toMatchObject(CLOSED);
    await posting;
    await connector.close({ graceMs });
    await left;
    gate.pass();
  }
  expect(journal.info()).toMatchObject({ sagas: { applying: 2 } });
  const successor = await connect(nodes, { journal });
  expect(await successor.recover()).toMatchObject({ adopted: 2, ended: 2 });
});

test('settled of a saga that is left behind rejects with CLOSED, and is never unhandled', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? 500 : 'pass');
  const ignored = await connector.createGroup('ignored', { deadlineMs: 300 });
  const heard = await connector.createGroup('heard', { deadlineMs: 300 });
  expect([ignored.status, heard.status]).toEqual(['in_doubt', 'in_doubt']);
  await connector.close();
  await expect(heard.settled).rejects.toMatchObject(CLOSED);
});

test('closing twice, at once or later, is one close', async () => {
  const { nodes } = stage();
  const connector = await connect(nodes);
  await Promise.all([connector.close(), connector.close({ graceMs: 10 }), connector[Symbol.asyncDispose]()]);
  await connector.close();
});

test('every call after close is CLOSED, and nothing is sent', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  await connector.close();
  const calls = [
    () => connector.createGroup('a'),
    () => connector.deleteGroup('a'),
    () => connector.deleteGroup('a', { force: true }),
    () => connector.getGroup('a'),
    () => connector.stats(),
    () => connector.verify(),
    () => connector.repair(),
    () => connector.recover(),
    () => connector.parked(),
    () => connector.resolve(1, { node: 'node01', assume: 'done' }),
    () => connector.status(1),
    () => connector.sagas(),
    () => connector.plan('create', 'a'),
    () => connector.info(),
  ];
  for (const call of calls) await expect(call(), call.toString()).rejects.toMatchObject(CLOSED);
  for await (const { error } of connector.createGroups(['a'])) expect(error).toMatchObject(CLOSED);
  expect(gate.exchanges).toEqual([]);
});

test('await using closes it, and gives its sagas and its place in the journal back', async () => {
  const { nodes } = stage();
  const journal = createMemoryJournal();
  {
    await using connector = await openConnector({ nodes, journal, maxServerLagMs: LAG_MS, retry: FAST });
    expect(await connector.createGroup('used')).toMatchObject({ status: 'committed' });
  }
  const successor = await connect(nodes, { journal });
  expect(await successor.info()).toMatchObject({ owners: 1, sagas: { ended: 1 } });
});

test('a journal that was given stays open for its owner; one that was named by a path is closed', async () => {
  const { nodes, folder } = stage();
  const journal = await openSqliteJournal(join(folder, 'given.db'));
  const connector = await connect(nodes, { journal });
  await connector.createGroup('given');
  await connector.close();
  expect(await journal.info()).toMatchObject({ sagas: { ended: 1 } });
  await journal.close();
});

test('a process that opens, works and closes exits by itself: no timer, socket or file keeps it', async () => {
  const { nodes, folder } = stage();
  const script = fileURLToPath(new URL('./support/works-and-exits.ts', import.meta.url));
  const child = fork(script, [JSON.stringify({ nodes, journal: join(folder, 'exits.db') })], {
    execArgv: [...FROM_SOURCE],
    cwd: fileURLToPath(new URL('../../../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  const [code, signal] = await once(child, 'exit');
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(said).toBe('committed rejected in_doubt closed\n');
});
