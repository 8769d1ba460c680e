/**
 * A saga of your own: an order that needs stock, a payment and a courier, or none of them. Run it with
 *   node --import tsx --conditions=@holdfast/source docs/examples/order-saga.ts
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  done,
  openSagaEngine,
  refused,
  type SagaSpec,
  type StepAnswer,
  type StepSpec,
  unknown,
} from '@holdfast/reliable-connector';
import { type FlakyService, startFlakyService } from './flaky-service.js';

type Order = { readonly orderId: string; readonly item: string; readonly cents: number };

/** One service as a step. The token makes a repeated request the same request, and names what an undo takes back. */
function step(name: string, service: FlakyService): StepSpec<Order> {
  const call = async (
    method: 'PUT' | 'DELETE',
    token: number,
    order: Order,
    signal: AbortSignal,
  ): Promise<StepAnswer> => {
    const body = method === 'PUT' ? JSON.stringify(order) : null;
    const response = await fetch(`${service.url}/${token}`, { method, body, signal });
    const text = await response.text();
    if (response.ok) return done();
    if (response.status === 409) return refused(text);
    return unknown(new Error(`${name} answered ${response.status}`), { alive: false });
  };
  return {
    name,
    apply: ({ input, token, signal }) => call('PUT', token, input, signal),
    undo: ({ input, token, signal }) => call('DELETE', token, input, signal),
  };
}

/** Places two orders and returns what became of them and of the services. */
export async function placeOrders(print: (line: string) => void): Promise<Record<string, number>> {
  const stock = await startFlakyService();
  const payment = await startFlakyService((body) =>
    (body as Order).cents > 100_000 ? 'over the limit of the card' : null,
  );
  const courier = await startFlakyService();
  const order: SagaSpec<Order> = {
    name: 'order',
    steps: [step('stock', stock), step('payment', payment), step('courier', courier)],
  };
  const folder = await mkdtemp(join(tmpdir(), 'orders-'));
  const engine = await openSagaEngine({
    journal: join(folder, 'journal.db'),
    sagas: [order],
    services: { stock: stock.url, payment: payment.url, courier: courier.url },
    maxServerLagMs: 200, // how long after its sending a request may still take effect at these services
  });
  try {
    for (const input of [
      { orderId: 'A-1', item: 'lamp', cents: 4_900 },
      { orderId: 'A-2', item: 'piano', cents: 480_000 },
    ]) {
      const outcome = await engine.run(order, input, { key: input.orderId, idempotencyKey: input.orderId });
      print(
        `${input.orderId} ${input.item}: ${outcome.status}${outcome.reason ? ` (${outcome.reason})` : ''}`,
      );
      for (const [name, { state, attempts }] of Object.entries(outcome.nodes))
        print(`  ${name}: ${state} after ${attempts} calls`);
    }
    return { stock: stock.held.size, payment: payment.held.size, courier: courier.held.size };
  } finally {
    await engine.close();
    await Promise.all([stock.close(), payment.close(), courier.close()]);
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(
    `held: ${JSON.stringify(await placeOrders((line) => process.stdout.write(`${line}\n`)))}\n`,
  );
