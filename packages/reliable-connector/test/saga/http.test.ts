import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { done, notSent, refused, type SagaSpec, type StepAnswer, unknown } from '../../src/index.js';
import { NAMES, type Name, openEngine } from './support/engine.js';

/** A small service that keeps orders by token. Every third request is worked and its reply lost; a full one refuses. */
class Service {
  readonly orders = new Set<string>();
  readonly #server: Server;
  #requests = 0;

  constructor(capacity: number) {
    this.#server = createServer((request, response) => {
      const token = request.url?.slice(1) ?? '';
      this.#requests += 1;
      if (request.method === 'DELETE') this.orders.delete(token);
      const full = request.method === 'PUT' && !this.orders.has(token) && this.orders.size >= capacity;
      if (request.method === 'PUT' && !full) this.orders.add(token);
      if (this.#requests % 3 === 0) request.socket.resetAndDestroy();
      else response.writeHead(full ? 409 : 200).end();
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    onTestFinished(async () => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}

/** An honest step over HTTP. */
async function send(method: string, url: string, token: number, signal: AbortSignal): Promise<StepAnswer> {
  try {
    const { status } = await fetch(`${url}/${token}`, { method, signal });
    return status === 200
      ? done()
      : status === 409
        ? refused('full')
        : unknown(new Error(`status ${status}`));
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    const { code } = (cause.cause ?? {}) as { code?: string };
    return code === 'ECONNREFUSED' ? notSent(cause) : unknown(cause);
  }
}

test('over real HTTP services that lose replies and run full, every order is on all services or on none', async () => {
  const services: Record<Name, Service> = {
    stock: new Service(100),
    payment: new Service(100),
    courier: new Service(6),
  };
  const urls: Record<string, string> = {};
  for (const name of NAMES) urls[name] = await services[name].open();
  const spec: SagaSpec<number> = {
    name: 'order',
    steps: NAMES.map((name) => ({
      name,
      apply: ({ token, signal }) => send('PUT', urls[name] ?? '', token, signal),
      undo: ({ token, signal }) => send('DELETE', urls[name] ?? '', token, signal),
    })),
  };
  const engine = await openEngine([spec], { services: urls, maxServerLagMs: 50 });
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, at) => engine.run(spec, at)));
  const committed = outcomes.filter(({ status }) => status === 'committed');
  expect(committed).toHaveLength(6);
  expect(outcomes.filter(({ reason }) => reason === 'refused')).toHaveLength(4);
  expect(services.stock.orders).toEqual(services.courier.orders);
  expect(services.payment.orders).toEqual(services.courier.orders);
  expect(services.courier.orders.size).toBe(6);
});
