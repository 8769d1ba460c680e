import { expect, test } from 'vitest';
import { type ItemOutcome, type NodeReply, ReliableConnectorError, type Transport } from '../../src/index.js';
import { connect, eventually, hear } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { setStage } from './support/stage.js';

/** Nodes that answer as they should at once, one of them perhaps dead: 10,000 ids need no sockets. */
class Answering implements Transport {
  readonly records = new Set<string>();
  inFlight = 0;
  most = 0;
  readonly #dead: string | null;

  constructor(dead: string | null = null) {
    this.#dead = dead;
  }

  async send(node: string, { method, path, body }: Parameters<Transport['send']>[1]): Promise<NodeReply> {
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    this.inFlight -= 1;
    if (node === this.#dead) return { kind: 'not_sent', cause: new Error('connect ECONNREFUSED') };
    const id = body ? (JSON.parse(body) as { groupId: string }).groupId : decodeURIComponent(path.slice(7));
    const [status, text] = this.#answer(method, `${node} ${id}`, id);
    return { kind: 'reply', status, headers: {}, body: text, sentAt: performance.now() };
  }

  async close(): Promise<void> {}

  #answer(method: string, record: string, groupId: string): [status: number, body: string] {
    const had = this.records.has(record);
    const error = (status: number, message: string): [number, string] => [
      status,
      JSON.stringify({ message, status }),
    ];
    if (method === 'POST') {
      if (had) return error(400, 'Perhaps the object exists.');
      this.records.add(record);
      return [201, 'CREATED'];
    }
    if (method === 'GET' && had) return [200, JSON.stringify({ groupId })];
    if (!had) return error(404, `No group record found with id ${groupId}`);
    this.records.delete(record);
    return [200, 'OK'];
  }
}

const NODES = {
  node01: 'http://127.0.0.1:1/v1',
  node02: 'http://127.0.0.1:2/v1',
  node03: 'http://127.0.0.1:3/v1',
};

/** 10,000 ids, one of which no node could address. Tells how far it was read. */
class Source {
  taken = 0;
  ended = false;

  *[Symbol.iterator](): Generator<string> {
    try {
      for (; this.taken < 10_000; ) {
        this.taken += 1;
        yield this.taken === 5_000 ? 'poisoned/id' : `g${this.taken}`;
      }
    } finally {
      this.ended = true;
    }
  }
}

test('10,000 ids with one poisoned id: it alone fails, and memory does not hold them all (L4, scenario 30)', async () => {
  const transport = new Answering();
  const connector = await connect(NODES, { transport, retentionMs: 0 });
  const source = new Source();
  const counts = new Map<string, number>();
  let ahead = 0;
  let seen = 0;
  for await (const { groupId, outcome, error } of connector.createGroups(source)) {
    seen += 1;
    ahead = Math.max(ahead, source.taken - seen);
    const key = outcome?.status ?? `error of ${groupId}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (error) expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  }
  expect(Object.fromEntries(counts)).toEqual({ committed: 9_999, 'error of poisoned/id': 1 });
  expect(transport.records.size).toBe(3 * 9_999);
  // Never more is taken from the source than is at work or waits to be looked at.
  expect(ahead).toBeLessThanOrEqual(2 * 16);
  expect(transport.most).toBeLessThanOrEqual(3 * 16);
});

test('10,000 ids with one dead node: each gets an outcome, none is written down for ever (L4, scenario 30)', async () => {
  const transport = new Answering('node03');
  const connector = await connect(NODES, { transport, deadlineMs: 60 });
  const statuses = new Set<string>();
  let items = 0;
  for await (const { outcome } of connector.createGroups(new Source(), { concurrency: 64 })) {
    items += 1;
    if (outcome) statuses.add(`${outcome.status} ${outcome.reason ?? outcome.direction ?? ''}`);
    if (outcome?.settled) await outcome.settled;
  }
  expect(items).toBe(10_000);
  expect([...statuses].filter((one) => one.startsWith('committed'))).toEqual([]);
  expect(statuses).toContain('rejected unavailable');
  expect(transport.records.size).toBe(0);
  expect((await connector.info()).sagas).toMatchObject({ locked: 0, applying: 0, aborting: 0, parked: 0 });
});

test('an early end of the iteration starts nothing more, and closes the source', async () => {
  const transport = new Answering();
  const connector = await connect(NODES, { transport });
  const plans = hear(connector, 'plan');
  const ends = hear(connector, 'end');
  const source = new Source();
  for await (const _ of connector.createGroups(source, { concurrency: 4 })) break;
  const { taken } = source;
  expect(source.ended).toBe(true);
  expect(taken).toBeLessThanOrEqual(8);
  await eventually(() => expect(ends.length).toBe(taken));
  expect(plans).toHaveLength(taken);
  expect(source.taken).toBe(taken);
});

test.each([1, 5])('not more than %d are at work at once on real nodes', async (concurrency) => {
  const { nodes, gate } = await setStage();
  const connector = await connect(nodes);
  let atWork = 0;
  let most = 0;
  connector.on('plan', () => {
    atWork += 1;
    most = Math.max(most, atWork);
  });
  connector.on('end', () => {
    atWork -= 1;
  });
  const ids = Array.from({ length: 15 }, (_, at) => at);
  for await (const { outcome } of connector.createGroups(ids, { concurrency }))
    expect(outcome?.status).toBe('committed');
  expect(most).toBe(concurrency);
  expect(gate.mostInFlight).toBeLessThanOrEqual(concurrency);
});

test('limits.maxInFlightPerNode bounds the requests to one node, whatever is at work', async () => {
  const { nodes, gate } = await setStage();
  const connector = await connect(nodes, { limits: { maxInFlightPerNode: 3 } });
  const ids = Array.from({ length: 40 }, (_, at) => at);
  for await (const { outcome } of connector.createGroups(ids, { concurrency: 40 }))
    expect(outcome?.status).toBe('committed');
  expect(gate.mostInFlight).toBeLessThanOrEqual(3);
});

test('an asynchronous source is read as it comes, items come as they are done, and deletes go the same way', async () => {
  const { nodes, gate } = await setStage();
  const connector = await connect(nodes);
  async function* ids(): AsyncGenerator<string | number> {
    yield 'slow';
    await new Promise((resolve) => setImmediate(resolve));
    yield 7;
    yield 'third';
  }
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  gate.rule = async ({ body }): Promise<Fate> => {
    if (body.includes('slow')) await opened;
    return 'pass';
  };
  const order: string[] = [];
  for await (const { groupId, outcome } of connector.createGroups(ids(), { concurrency: 2 })) {
    order.push(`${groupId} ${outcome?.status}`);
    if (order.length === 2) open();
  }
  expect(order).toEqual(['7 committed', 'third committed', 'slow committed']);
  const deleted: ItemOutcome[] = [];
  for await (const item of connector.deleteGroups(['slow', '7', 'third', 'never'])) deleted.push(item);
  expect(deleted.map(({ groupId, outcome }) => `${groupId} ${outcome?.status}`).sort()).toEqual([
    '7 committed',
    'never rejected',
    'slow committed',
    'third committed',
  ]);
});

test.each([0, -1, 1.5, Number.NaN])('concurrency %d is refused', async (concurrency) => {
  const connector = await connect(NODES, { transport: new Answering() });
  expect(() => connector.createGroups(['a'], { concurrency })).toThrow(ReliableConnectorError);
  expect(() => connector.deleteGroups(['a'], { concurrency })).toThrow(
    `concurrency is ${concurrency}; give a whole`,
  );
});

test('an idempotency key names one saga, so a bulk call refuses it', async () => {
  const transport = new Answering();
  const connector = await connect(NODES, { transport });
  const o = { idempotencyKey: 'k' };
  expect(() => connector.createGroups(['a', 'b'], o)).toThrow(/names one saga/);
  expect(() => connector.deleteGroups(['a', 'b'], o)).toThrow(ReliableConnectorError);
  expect(transport.records.size).toBe(0);
});
