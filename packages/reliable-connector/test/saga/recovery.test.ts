import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { FROM_SOURCE } from '../../../../tooling/from-source/flags.js';
import { createMemoryJournal, done, type MemoryJournal, refused } from '../../src/index.js';
import { hear, next } from '../connector/support/connect.js';
import { testFolder } from '../connector/support/stage.js';
import { NAMES, openEngine, Shop } from './support/engine.js';
import { orderIn, ordersIn } from './support/order-files.js';

/** Starts a saga whose courier never answers, waits until it was called, and kills the engine's process. */
async function dieAtCourier(shop: Shop, journal: MemoryJournal, refuses = false): Promise<void> {
  const spec = shop.spec();
  const engine = await openEngine([spec], { journal, retry: { attemptTimeoutMs: 100 } });
  let reached = (): void => {};
  const atCourier = new Promise<void>((resolve) => {
    reached = resolve;
  });
  shop.apply.courier = () => {
    if (refuses) return refused('no lorry');
    reached();
    return new Promise(() => {});
  };
  shop.undo.payment = () => {
    reached();
    return new Promise(() => {});
  };
  void engine.run(spec, 'lamp', { key: 'k', idempotencyKey: 'once' }).catch(() => {});
  await atCourier;
  journal.kill(1);
}

test('a second engine finishes what a killed one had begun, with the same token (S1, L1)', async () => {
  const shop = new Shop();
  const journal = createMemoryJournal();
  await dieAtCourier(shop, journal);
  delete shop.apply.courier;
  const spec = shop.spec();
  const second = await openEngine([spec], { journal });
  const adopted = hear(second, 'adopt');
  expect(await second.recover()).toEqual({ adopted: 1, waiting: 0, parked: [], held: 0 });
  expect(adopted).toMatchObject([{ definition: 'order', key: 'k', phase: 'applying', epoch: 2 }]);
  expect(shop.holding).toEqual([true, true, true]);
  expect(new Set(shop.tokens).size).toBe(1);
  expect(await second.run(spec, 'lamp', { key: 'k', idempotencyKey: 'once' })).toMatchObject({
    status: 'committed',
  });
  expect(await second.recover()).toMatchObject({ adopted: 0 });
});

test('a second engine goes on undoing, and never forward, what a killed one had begun to undo (S2)', async () => {
  const shop = new Shop();
  const journal = createMemoryJournal();
  await dieAtCourier(shop, journal, true);
  delete shop.undo.payment;
  delete shop.apply.courier;
  const second = await openEngine([shop.spec()], { journal });
  shop.calls.length = 0;
  const ended = next(second, 'end');
  await second.recover({ wait: true });
  expect(await ended).toMatchObject({ outcome: { status: 'rejected', reason: 'refused' } });
  expect(shop.calls.filter((call) => call.startsWith('apply'))).toEqual([]);
  expect(shop.calls).toEqual(expect.arrayContaining(['undo payment', 'undo stock']));
  expect(shop.holding).toEqual([false, false, false]);
});

test('an engine that does not know the saga leaves it alone; one that knows it takes it', async () => {
  const shop = new Shop();
  const journal = createMemoryJournal();
  await dieAtCourier(shop, journal);
  delete shop.apply.courier;
  const stranger = await openEngine([{ ...shop.spec(), name: 'another' }], { journal });
  expect(await stranger.recover()).toMatchObject({ adopted: 0 });
  expect(await stranger.sagas()).toMatchObject([{ definition: 'order', phase: 'applying' }]);
  const knows = await openEngine([shop.spec()], { journal });
  expect(await knows.recover()).toMatchObject({ adopted: 1 });
  expect(shop.holding).toEqual([true, true, true]);
});

test('a saga is found by the next caller of its key, who waits for its end (S6)', async () => {
  const shop = new Shop();
  const journal = createMemoryJournal();
  await dieAtCourier(shop, journal);
  delete shop.apply.courier;
  const spec = shop.spec();
  const second = await openEngine([spec], { journal });
  const order: string[] = [];
  second.on('end', ({ sagaId }) => order.push(`end ${sagaId}`));
  const outcome = await second.run(spec, 'piano', { key: 'k' });
  expect(outcome).toMatchObject({ status: 'committed' });
  expect(order).toEqual(['end 1', `end ${outcome.sagaId}`]);
});

test('kill -9 of a real process on the SQLite journal: the next engine ends its sagas, all or none (S1–S3, scenario 8)', async () => {
  const folder = testFolder();
  const orders = join(folder, 'orders.log');
  const journal = join(folder, 'journal.db');
  const child = fork(fileURLToPath(new URL('./support/dies.ts', import.meta.url)), [journal, orders], {
    execArgv: [...FROM_SOURCE],
    cwd: fileURLToPath(new URL('../../../../', import.meta.url)),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  const found = ordersIn(orders);
  expect(found.size).toBeGreaterThan(0);
  expect([...found.values()].some((services) => services.size < NAMES.length)).toBe(true);

  const spec = orderIn(orders);
  const engine = await openEngine([spec], { journal });
  const unfinished = await engine.sagas();
  expect(unfinished.length).toBeGreaterThan(0);
  expect(await engine.recover({ wait: true })).toMatchObject({ adopted: unfinished.length });
  expect(await engine.sagas()).toEqual([]);
  for (const [token, services] of ordersIn(orders))
    expect([token, [...services].sort()]).toEqual([token, [...NAMES].sort()]);
  expect(readFileSync(orders, 'utf8')).not.toContain('undo');
  expect(await engine.run(spec, null)).toMatchObject({ status: 'committed' });
  await engine.close();
});

test('done is final: a process that dies right after the end has nothing to recover (S5)', async () => {
  const shop = new Shop();
  shop.apply.courier = () => done();
  const journal = createMemoryJournal();
  const spec = shop.spec();
  const engine = await openEngine([spec], { journal });
  expect(await engine.run(spec, null, { idempotencyKey: 'k' })).toMatchObject({ status: 'committed' });
  journal.kill(1);
  const second = await openEngine([spec], { journal });
  const { length } = shop.calls;
  expect(await second.recover()).toMatchObject({ adopted: 0 });
  expect(await second.run(spec, null, { idempotencyKey: 'k' })).toMatchObject({ status: 'committed' });
  expect(shop.calls).toHaveLength(length);
});
