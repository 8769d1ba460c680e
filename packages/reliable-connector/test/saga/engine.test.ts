import { expect, test } from 'vitest';
import { createMemoryJournal, done, notSent, refused, unknown } from '../../src/index.js';
import { eventually, hear, next } from '../connector/support/connect.js';
import { openEngine, Shop } from './support/engine.js';

const FULL = [true, true, true];
const EMPTY = [false, false, false];

test('three steps commit in their order, each once, under one token', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  const outcome = await engine.run(spec, { item: 'lamp' });
  const applied = { state: 'applied', status: null, attempts: 1 };
  expect(outcome).toEqual({
    status: 'committed',
    sagaId: expect.any(Number),
    nodes: { stock: applied, payment: applied, courier: applied },
  });
  expect(shop.calls).toEqual(['apply stock', 'apply payment', 'apply courier']);
  expect(new Set(shop.tokens).size).toBe(1);
  expect(shop.holding).toEqual(FULL);
});

test('what a step is given: input, one token, the saga, and which attempt it is', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  const calls: object[] = [];
  shop.apply.payment = ({ input, token, sagaId, attempt, signal }) => {
    calls.push({ input, token, sagaId, attempt, aborted: signal.aborted });
    return attempt < 3 ? unknown(new Error('later'), { alive: false }) : done();
  };
  const { sagaId } = await engine.run(spec, { item: 'lamp', n: [1, null, 'é'] });
  const token = shop.tokens[0];
  const given = { input: { item: 'lamp', n: [1, null, 'é'] }, token, sagaId, aborted: false };
  expect(calls).toEqual([1, 2, 3].map((attempt) => ({ ...given, attempt })));
});

test('a refusal undoes what was done, in the reverse order, and nothing else (S3)', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  shop.apply.courier = () => refused('no lorry');
  expect(await engine.run(spec, null)).toMatchObject({
    status: 'rejected',
    reason: 'refused',
    nodes: { stock: { state: 'undone' }, payment: { state: 'undone' }, courier: { state: 'refused' } },
  });
  expect(shop.calls).toEqual(['apply stock', 'apply payment', 'apply courier', 'undo payment', 'undo stock']);
  expect(shop.holding).toEqual(EMPTY);
});

test('a refusal of the first step ends the saga with nothing to undo', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  shop.apply.stock = () => refused('sold out');
  expect(await engine.run(spec, null)).toMatchObject({
    status: 'rejected',
    nodes: { payment: { state: 'untouched', attempts: 0 } },
  });
  expect(shop.calls).toEqual(['apply stock']);
});

test('in parallel all steps are called at once, and undone at once', async () => {
  const shop = new Shop();
  const spec = shop.spec({ order: 'parallel' });
  const engine = await openEngine([spec]);
  const together = (): (() => Promise<void>) => {
    let waiting = 0;
    let open = (): void => {};
    const all = new Promise<void>((resolve) => {
      open = resolve;
    });
    return () => {
      waiting += 1;
      if (waiting === 2) open();
      return all;
    };
  };
  const applying = together();
  const undoing = together();
  // Each waits for the other: one after the other they would never end.
  shop.apply.stock = async () => applying().then(done);
  shop.apply.courier = async () => applying().then(done);
  shop.undo.stock = async () => undoing().then(done);
  shop.undo.courier = async () => undoing().then(done);
  shop.apply.payment = async () => refuseLast(shop);
  expect(await engine.run(spec, null)).toMatchObject({ status: 'rejected', reason: 'refused' });
  expect(shop.calls.slice(0, 3).sort()).toEqual(['apply courier', 'apply payment', 'apply stock']);
  expect(shop.holding).toEqual(EMPTY);
});

/** Refuses once the other two hold something. */
async function refuseLast(shop: Shop): Promise<ReturnType<typeof refused>> {
  await eventually(() => expect(shop.holding).toEqual([true, false, true]));
  return refused('no money');
}

test('at the deadline: in_doubt(abort) and undone, or with onDeadline forward in_doubt(forward) and done (L2)', async () => {
  for (const onDeadline of ['abort', 'forward'] as const) {
    const shop = new Shop();
    const spec = shop.spec({ onDeadline });
    const engine = await openEngine([spec]);
    let open = false;
    shop.apply.courier = () => (open ? done() : unknown(new Error('503'), { alive: false }));
    shop.undo.courier = () => (open ? done() : unknown(new Error('503'), { alive: false }));
    const outcome = await engine.run(spec, null, { deadlineMs: 60 });
    expect(outcome).toMatchObject({ status: 'in_doubt', direction: onDeadline });
    open = true;
    const end = onDeadline === 'abort' ? 'compensated' : 'committed';
    expect(await outcome.settled).toMatchObject({ status: end, sagaId: outcome.sagaId });
    expect(shop.holding).toEqual(onDeadline === 'abort' ? EMPTY : FULL);
  }
});

test('no caller waits past its deadline, however often it is asked for (L2)', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  let open = false;
  const stuck = (): ReturnType<typeof done> => (open ? done() : unknown(new Error('503'), { alive: false }));
  shop.apply.payment = stuck;
  shop.undo.payment = stuck;
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, at) => engine.run(spec, at, { deadlineMs: 20 + at })),
  );
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['in_doubt']));
  open = true;
  const ends = await Promise.all(outcomes.map(({ settled }) => settled));
  expect(new Set(ends.map((end) => end?.status))).toEqual(new Set(['compensated']));
});

test('a cancel turns back, an undo goes on', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  const controller = new AbortController();
  shop.apply.courier = () => {
    controller.abort();
    return unknown(new Error('503'), { alive: false });
  };
  expect(await engine.run(spec, null, { signal: controller.signal })).toMatchObject({
    status: 'compensated',
    reason: 'cancelled',
  });
  expect(shop.holding).toEqual(EMPTY);
});

test('one idempotency key is one saga and one outcome; another input is refused (S9)', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const journal = createMemoryJournal();
  const [one, other] = [await openEngine([spec], { journal }), await openEngine([spec], { journal })];
  const o = { idempotencyKey: 'order 7' };
  const outcomes = await Promise.all([one.run(spec, 7, o), one.run(spec, 7, o), other.run(spec, 7, o)]);
  expect(outcomes).toEqual(Array(3).fill(expect.objectContaining({ status: 'committed' })));
  expect(new Set(outcomes.map(({ sagaId }) => sagaId)).size).toBe(1);
  expect(shop.calls).toHaveLength(3);
  for (const again of [one.run(spec, 8, o), one.run(spec, 7, { ...o, key: 'another lock' })])
    await expect(again).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  expect(shop.calls).toHaveLength(3);
});

test('one key is one saga at a time, also across engines; other keys and none are not held up (S6)', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const journal = createMemoryJournal();
  const [one, other] = [await openEngine([spec], { journal }), await openEngine([spec], { journal })];
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let most = 0;
  let atWork = 0;
  shop.apply.stock = async ({ input }) => {
    if (input !== 'locked') return done();
    atWork += 1;
    most = Math.max(most, atWork);
    await opened;
    atWork -= 1;
    return done();
  };
  const planned = next(one, 'plan');
  const first = one.run(spec, 'locked', { key: 'k' });
  await planned;
  const [second, third] = [one.run(spec, 'locked', { key: 'k' }), other.run(spec, 'locked', { key: 'k' })];
  expect(await other.run(spec, 'free', { key: 'another' })).toMatchObject({ status: 'committed' });
  expect(await one.run(spec, 'free')).toMatchObject({ status: 'committed' });
  expect(await other.run(spec, 'locked', { key: 'k', deadlineMs: 30 })).toMatchObject({
    reason: 'busy',
    sagaId: null,
  });
  open();
  expect((await Promise.all([first, second, third])).map(({ status }) => status)).toEqual(
    Array(3).fill('committed'),
  );
  expect(most).toBe(1);
});

test('maxSagas bounds how many are at work; the others wait, up to their deadline', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec], { maxSagas: 2 });
  let atWork = 0;
  let most = 0;
  engine.on('plan', () => {
    atWork += 1;
    most = Math.max(most, atWork);
  });
  engine.on('end', () => {
    atWork -= 1;
  });
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, at) => engine.run(spec, at)));
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['committed']));
  expect(most).toBe(2);
});

test('a saga that was not given at the opening is refused, and says why', async () => {
  const engine = await openEngine([]);
  await expect(engine.run(new Shop().spec(), null)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/"order" was not given to openSagaEngine.*could not be recovered/),
  });
});

test('a refused undo parks the saga, which goes on asking and ends when it is taken', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  const parks = hear(engine, 'park');
  let open = false;
  shop.apply.courier = () => refused('no lorry');
  shop.undo.payment = () => (open ? done() : refused('booked'));
  const outcome = await engine.run(spec, null);
  expect(outcome).toMatchObject({ status: 'parked', hint: 'the undo is refused: booked' });
  expect(parks).toMatchObject([{ step: 'payment', why: 'the undo is refused: booked' }]);
  expect(await engine.sagas({ parked: true })).toMatchObject([
    { id: outcome.sagaId, parked: { step: 'payment' } },
  ]);
  const ended = next(engine, 'end');
  open = true;
  expect(await ended).toMatchObject({
    sagaId: outcome.sagaId,
    outcome: { status: 'rejected', reason: 'refused' },
  });
  expect(shop.holding).toEqual(EMPTY);
});

test('a journal is bound to its services: others are JOURNAL_OTHER_CLUSTER, naming both', async () => {
  const journal = createMemoryJournal();
  await openEngine([], { journal });
  await expect(openEngine([], { journal, services: { stock: 'http://elsewhere' } })).rejects.toMatchObject({
    code: 'JOURNAL_OTHER_CLUSTER',
    message: expect.stringMatching(/http:\/\/stock[\s\S]*http:\/\/elsewhere/),
  });
});

test('after close every call is CLOSED, closing again is harmless, and callers are told', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  shop.apply.stock = () => notSent(new Error('ECONNREFUSED'));
  const attempted = next(engine, 'attempt');
  const running = expect(engine.run(spec, null)).rejects.toMatchObject({ code: 'CLOSED' });
  await attempted;
  await Promise.all([engine.close(), engine[Symbol.asyncDispose]()]);
  await running;
  const count = shop.calls.length;
  for (const call of [() => engine.run(spec, null), () => engine.sagas(), () => engine.recover()])
    await expect(call()).rejects.toMatchObject({ code: 'CLOSED' });
  expect(shop.calls).toHaveLength(count);
});
