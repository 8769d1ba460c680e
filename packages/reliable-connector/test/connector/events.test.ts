import { expect, test } from 'vitest';
import { createMemoryJournal, type SagaEvents } from '../../src/index.js';
import { connect, eventually, hear, next } from './support/connect.js';
import { shareStage } from './support/stage.js';
import { warnings } from './support/warnings.js';

const stage = shareStage();

test('a create that commits tells plan, each attempt, the decision and the end', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes, { fanOut: 'sequential' });
  let failed = 0;
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' && failed++ === 0 ? 500 : 'pass');
  const [plans, attempts] = [hear(connector, 'plan'), hear(connector, 'attempt')];
  const [decisions, ends] = [hear(connector, 'decision'), hear(connector, 'end')];
  const outcome = await connector.createGroup('a');
  const saga = { sagaId: outcome.sagaId, definition: 'group.create', key: 'a' };
  const token = (await connector.status(outcome.sagaId ?? 0))?.token;
  expect(plans).toEqual([{ ...saga, token }]);
  const get = { ...saga, verb: 'GET', answer: 'no', status: 404, attempt: 1 };
  const post = { ...saga, verb: 'POST', answer: 'yes', status: 201, attempt: 2 };
  expect(attempts).toEqual([
    { ...get, step: 'node01' },
    { ...get, step: 'node02' },
    { ...get, step: 'node03' },
    { ...post, step: 'node01' },
    { ...post, step: 'node02', answer: 'unknown', status: 500 },
    { ...post, step: 'node02', attempt: 3 },
    { ...post, step: 'node03' },
  ]);
  expect(decisions).toEqual([{ ...saga, decision: 'commit', reason: null }]);
  expect(ends).toEqual([{ ...saga, outcome }]);
});

test('a create that turns back tells the decision, each undo and what it waits for', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  gate.rule = ({ node, method }) =>
    method !== 'POST' || node === 'node01' ? 'pass' : node === 'node02' ? 'lose' : 403;
  const [decisions, undos] = [hear(connector, 'decision'), hear(connector, 'undo')];
  const [settles, ends] = [hear(connector, 'settle'), hear(connector, 'end')];
  const outcome = await connector.createGroup('b');
  const saga = { sagaId: outcome.sagaId, definition: 'group.create', key: 'b' };
  expect(decisions).toEqual([{ ...saga, decision: 'abort', reason: 'refused' }]);
  expect(undos.map(({ step }) => step).sort()).toEqual(['node01', 'node02']);
  expect(undos[0]).toMatchObject(saga);
  expect(settles[0]).toEqual({ ...saga, step: 'node02', waitMs: expect.any(Number) });
  expect(settles[0]?.waitMs).toBeGreaterThan(0);
  expect(ends).toMatchObject([{ ...saga, outcome: { status: 'rejected', reason: 'refused' } }]);
});

test('going forward without the caller is a decision that says why: the deadline, or a cancel', async () => {
  const { nodes, gate } = stage();
  const connector = await connect(nodes);
  for (const id of ['c', 'd']) await connector.createGroup(id);
  const decisions = hear(connector, 'decision');
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'DELETE' ? 500 : 'pass');
  const late = await connector.deleteGroup('c', { deadlineMs: 80 });
  const controller = new AbortController();
  void next(connector, 'attempt', ({ key, verb }) => key === 'd' && verb === 'DELETE').then(() =>
    controller.abort(),
  );
  const cancelled = await connector.deleteGroup('d', { signal: controller.signal });
  expect(decisions).toMatchObject([
    { key: 'c', decision: 'forward', reason: 'deadline' },
    { key: 'd', decision: 'forward', reason: 'cancelled' },
  ]);
  gate.pass();
  await Promise.all([late.settled, cancelled.settled]);
});

test('park, adopt and recover tell who, where and how much', async () => {
  const { nodes, gate } = stage();
  const journal = createMemoryJournal();
  const first = await connect(nodes, { journal, fanOut: 'sequential' });
  await first.createGroup('e');
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'DELETE' ? 403 : 'pass');
  const parks = hear(first, 'park');
  const { sagaId } = await first.deleteGroup('e');
  const saga = { sagaId, definition: 'group.delete', key: 'e' };
  expect(parks).toEqual([{ ...saga, step: 'node02', why: expect.stringContaining('403') }]);
  await first.close();
  const second = await connect(nodes, { journal });
  const [adopts, recovers] = [hear(second, 'adopt'), hear(second, 'recover')];
  await second.recover();
  expect(adopts).toEqual([{ ...saga, phase: 'applying', epoch: 2 }]);
  expect(recovers).toEqual([{ adopted: 1, waiting: 0, parked: 1 }]);
});

const EVENTS: readonly (keyof SagaEvents)[] = [
  'plan',
  'attempt',
  'decision',
  'undo',
  'settle',
  'adopt',
  'park',
  'end',
  'recover',
];

test.each([
  [
    'throws',
    (): void => {
      throw new Error('listener');
    },
  ],
  [
    'rejects',
    async (): Promise<void> => {
      throw new Error('listener');
    },
  ],
])('a listener that %s harms neither saga nor other listeners, and is logged', async (_, listener) => {
  const { nodes, gate } = stage();
  const { logger, warned } = warnings();
  const connector = await connect(nodes, { logger });
  for (const event of EVENTS) connector.on(event, listener);
  const heard = EVENTS.map((event) => hear(connector, event));
  gate.rule = ({ node, method }) => (node === 'node02' && method === 'POST' ? 403 : 'pass');
  expect(await connector.createGroup('f')).toMatchObject({ status: 'rejected', reason: 'refused' });
  gate.pass();
  expect(await connector.createGroup('f')).toMatchObject({ status: 'committed' });
  expect(await connector.recover()).toMatchObject({ adopted: 0 });
  expect(await connector.deleteGroup('f')).toMatchObject({ status: 'committed' });
  const told = heard.reduce((sum, payloads) => sum + payloads.length, 0);
  expect(told).toBeGreaterThan(10);
  await eventually(() => expect(warned).toEqual(Array(told).fill('a listener threw')));
});

test('a listener that was taken away hears nothing more, and taking it away again is harmless', async () => {
  const { nodes } = stage();
  const connector = await connect(nodes);
  let heard = 0;
  const stop = connector.on('end', () => {
    heard += 1;
  });
  await connector.createGroup('g');
  stop();
  stop();
  await connector.deleteGroup('g');
  expect(heard).toBe(1);
});
