import { expect, test } from 'vitest';
import { createMemoryJournal, done, refused } from '../../src/index.js';
import { hear, next } from '../connector/support/connect.js';
import { openEngine, Shop } from './support/engine.js';

/** A saga that is parked: the courier refuses, and then the payment refuses to be undone. */
async function park(journal = createMemoryJournal()) {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec], { journal, retry: { undoCapMs: 60_000, baseMs: 60_000 } });
  shop.apply.courier = () => refused('no lorry');
  shop.undo.payment = () => refused('booked');
  const { status, sagaId } = await engine.run(spec, 'lamp', { key: 'k', idempotencyKey: 'once' });
  expect(status).toBe('parked');
  return { shop, spec, engine, sagaId: sagaId ?? 0 };
}

test('parked() names saga, step and why', async () => {
  const { engine, sagaId } = await park();
  const expected = { sagaId, definition: 'order', groupId: 'k', node: 'payment', ageMs: expect.any(Number) };
  expect(await engine.parked()).toEqual([{ ...expected, why: 'the undo is refused: booked' }]);
});

test('resolve(done) leaves that step alone and undoes the others', async () => {
  const { shop, engine, sagaId } = await park();
  shop.calls.length = 0;
  const ended = next(engine, 'end');
  await engine.resolve(sagaId, { step: 'payment', assume: 'done', by: 'jo' });
  expect(await ended).toMatchObject({ sagaId, outcome: { status: 'rejected', reason: 'refused' } });
  expect(shop.calls).toEqual(['undo stock']);
  expect((await engine.status(sagaId))?.resolved['payment']).toContain('jo');
  expect(await engine.parked()).toEqual([]);
});

test('resolve(retry) asks again at once, however long the next wait would have been', async () => {
  const { shop, engine, sagaId } = await park();
  delete shop.undo.payment;
  const ended = next(engine, 'end');
  await engine.resolve(sagaId, { step: 'payment', assume: 'retry' });
  expect(await ended).toMatchObject({ sagaId, outcome: { status: 'rejected' } });
  expect(shop.holding).toEqual([false, false, false]);
});

test('resolve of what is not parked is SAGA_NOT_FOUND', async () => {
  const { engine, sagaId } = await park();
  for (const [id, step] of [
    [sagaId, 'stock room'],
    [sagaId + 1, 'payment'],
  ] as const)
    await expect(engine.resolve(id, { step, assume: 'done' })).rejects.toMatchObject({
      code: 'SAGA_NOT_FOUND',
    });
});

test('status finds a saga by number and by key, with its input and its end', async () => {
  const { engine, sagaId } = await park();
  const saga = {
    id: sagaId,
    definition: 'order',
    key: 'k',
    input: 'lamp',
    phase: 'aborting',
    parked: { step: 'payment' },
  };
  expect(await engine.status(sagaId)).toMatchObject(saga);
  expect(await engine.status({ idempotencyKey: 'once' })).toMatchObject(saga);
  expect(await engine.status(sagaId + 1)).toBeNull();
});

test('recover tells what is parked and what a live owner holds', async () => {
  const journal = createMemoryJournal();
  const { spec, sagaId } = await park(journal);
  const other = await openEngine([spec], { journal });
  const passes = hear(other, 'recover');
  expect(await other.recover()).toMatchObject({ adopted: 0, held: 1, parked: [{ sagaId }] });
  expect(passes).toEqual([{ adopted: 0, waiting: 0, parked: 1 }]);
});

test('the input is what it was when the saga began, whatever the caller does with it', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  const seen: unknown[] = [];
  const input = { items: ['lamp'] };
  shop.apply.courier = (call) => {
    seen.push(call.input);
    return done();
  };
  const running = engine.run(spec, input);
  input.items.push('piano');
  await running;
  expect(seen).toEqual([{ items: ['lamp'] }]);
});

test('the outcome says why a step refused', async () => {
  const shop = new Shop();
  const spec = shop.spec();
  const engine = await openEngine([spec]);
  shop.apply.stock = () => refused('sold out');
  expect(await engine.run(spec, null)).toMatchObject({
    nodes: { stock: { state: 'refused', detail: 'sold out' } },
  });
});
