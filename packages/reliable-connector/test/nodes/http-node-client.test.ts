import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/nodes/answer.js';
import { FAILURES_TO_OPEN } from '../../src/nodes/breaker.js';
import { createNodeClient, type NodeClientOptions } from '../../src/nodes/http-node-client.js';
import type { NodeClient } from '../../src/nodes/node-client.js';
import type { NodeReply, NodeRequest, Transport } from '../../src/nodes/transport.js';
import { createUndiciTransport } from '../../src/nodes/undici-transport.js';
import { ManualClock } from './manual-clock.js';
import { replyText, TcpNode } from './tcp-node.js';

const ALL = { 'holdfast-extensions': 'timestamp, tombstone, fence, list' };
const BOUNDS = { timeoutMs: 2_000, queueMs: 2_000 };
const FENCE = 'journal-1:18446744073709551615';
const WRITE = { ...BOUNDS, fence: 18_446_744_073_709_551_615n };
const TOKEN = 1633806680.426599;
const SILENT: NodeReply = { kind: 'silent', cause: new Error('reset'), sentAt: 7 };
const REFUSED: NodeReply = { kind: 'not_sent', cause: new Error('refused') };

/** Answers with `next`, and keeps what was sent. */
class ScriptedTransport implements Transport {
  readonly sent: NodeRequest[] = [];
  next: NodeReply = SILENT;

  async send(_node: string, request: NodeRequest): Promise<NodeReply> {
    this.sent.push(request);
    return this.next;
  }

  async close(): Promise<void> {}
}

let clock: ManualClock;
let transport: ScriptedTransport;
let client: NodeClient;

function open(o: Partial<NodeClientOptions> = {}): NodeClient {
  return createNodeClient('node01', 'http://127.0.0.1:1', {
    transport,
    clock,
    random: () => 0,
    ownErrorsAreFinal: true,
    proxyMayResend: false,
    fenceScope: 'journal-1',
    ...o,
  });
}

function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): NodeReply {
  return { kind: 'reply', status, headers, body, sentAt: 7 };
}

const own = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): NodeReply =>
  reply(status, JSON.stringify({ message, status }), headers);

/** One POST that is answered so. */
function post(answer: NodeReply): Promise<Attempt> {
  transport.next = answer;
  return client.post('5', TOKEN, WRITE);
}

beforeEach(() => {
  clock = new ManualClock();
  transport = new ScriptedTransport();
  client = open();
});

describe('requests', () => {
  it('writes with node, token, body, and the fence for as long as it is not known whether the node takes it', async () => {
    await client.post('5 "é"', TOKEN, WRITE);
    await client.delete('5', null, WRITE);
    await client.get('a/b c', BOUNDS);
    expect(transport.sent).toEqual([
      {
        method: 'POST',
        path: '/group',
        headers: {
          node: 'node01',
          'content-type': 'application/json',
          timestamp: '1633806680.426599',
          'holdfast-fence': FENCE,
        },
        body: '{"groupId":"5 \\"é\\""}',
      },
      {
        method: 'DELETE',
        path: '/group',
        headers: { node: 'node01', 'content-type': 'application/json', 'holdfast-fence': FENCE },
        body: '{"groupId":"5"}',
      },
      { method: 'GET', path: '/group/a%2Fb%20c', headers: { node: 'node01' } },
    ]);
  });

  it.each([
    5e-324,
    2 ** -21,
    1 / 3,
    0.1 + 0.2,
    1763625512.4265993,
    2 ** 53 / 2 ** 21,
    1e21,
    Number.MAX_VALUE,
  ])('sends the token %d as a text that reads back as the same number', async (token) => {
    await client.delete('5', token, WRITE);
    expect(Number(transport.sent[0]?.headers['timestamp'])).toBe(token);
  });

  it('sends the fence until the node is known not to take it, and as long as it advertises it', async () => {
    const fences: (string | undefined)[] = [];
    for (const headers of [ALL, { 'holdfast-extensions': 'fence' }, {}, {}]) {
      await post(reply(201, 'CREATED\n', headers));
      fences.push(transport.sent.at(-1)?.headers['holdfast-fence']);
    }
    expect(fences).toEqual([FENCE, FENCE, FENCE, undefined]);
  });
});

describe('extensions as last advertised (4.7)', () => {
  it.each<[string, NodeReply]>([
    ['a definite reply', reply(201, 'CREATED\n')],
    ['a refusal', own(406, 'provide node parameter in request headers')],
    ['an own error', own(500, 'InternalServerError due to Random Behavior')],
  ])('are dropped by %s without them', async (_name, without) => {
    await post(own(500, 'x', ALL));
    expect([...client.extensions]).toEqual(['timestamp', 'tombstone', 'fence', 'list']);
    await post(without);
    expect(client.extensions.size).toBe(0);
  });

  it.each<[string, NodeReply]>([
    ['silence', SILENT],
    ['a request that was not sent', REFUSED],
    ['the page of a proxy', reply(502, '<h1>Bad Gateway</h1>')],
    ['the JSON of a gateway', own(504, 'timeout')],
    ['an error that came through a proxy', own(500, 'x', { via: '1.1 proxy' })],
  ])('are kept by %s', async (_name, without) => {
    await post(reply(201, 'CREATED\n', ALL));
    await post(without);
    expect(client.extensions.size).toBe(4);
  });

  it('tells of each attempt whether its own reply advertised the tombstone', async () => {
    expect(await post(reply(201, 'CREATED\n', ALL))).toMatchObject({ tombstone: true, sentAt: 7 });
    expect(await post(SILENT)).toMatchObject({ tombstone: false, sentAt: 7 });
    expect(await post(reply(502, '<h1>', ALL))).toMatchObject({ tombstone: false, sentAt: 7 });
    expect(await post(REFUSED)).toMatchObject({ tombstone: false, sentAt: null });
    expect(await post(reply(201, 'CREATED\n', { 'holdfast-extensions': 'fence' }))).toMatchObject({
      tombstone: false,
    });
  });
});

describe('the breaker (4.8)', () => {
  it('holds attempts back after silences, lets one try, and is closed by any reply', async () => {
    for (let i = 0; i < FAILURES_TO_OPEN; i += 1) await post(i % 2 === 0 ? SILENT : REFUSED);
    expect(client).toMatchObject({ available: false, waitMs: 250 });
    const held = await post(reply(201, 'CREATED\n'));
    expect(held).toMatchObject({ answer: { class: 'not_sent', retryAfterMs: 250 }, sentAt: null });
    expect(await client.stats(BOUNDS)).toBeNull();
    expect(transport.sent).toHaveLength(FAILURES_TO_OPEN);
    clock.advance(250);
    expect(await post(reply(502, '<h1>'))).toMatchObject({ answer: { class: 'unknown', status: 502 } });
    expect(client).toMatchObject({ available: true, waitMs: 0 });
  });

  it('does not count attempts that their caller aborted', async () => {
    const signal = AbortSignal.abort();
    transport.next = REFUSED;
    for (let i = 0; i < FAILURES_TO_OPEN * 2; i += 1) await client.get('5', { ...BOUNDS, signal });
    expect(client.available).toBe(true);
  });

  it('takes a transport that throws for silence', async () => {
    const cause = new Error('bug');
    client = open({ transport: { send: () => Promise.reject(cause), close: async () => undefined } });
    expect(await client.post('5', TOKEN, WRITE)).toEqual({
      answer: { class: 'unknown', status: null, alive: true, retryAfterMs: null, cause },
      sentAt: 1_000,
      tombstone: false,
    });
  });
});

describe('stats and list', () => {
  it('reads the stats of the origin', async () => {
    transport.next = reply(200, '[true, {"node01": 3, "node02": 0}]', ALL);
    expect(await client.stats(BOUNDS)).toEqual({ consistent: true, counts: { node01: 3, node02: 0 } });
    expect(transport.sent[0]).toEqual({ method: 'GET', path: '/stats', headers: { node: 'node01' } });
    expect(client.extensions.has('list')).toBe(true);
  });

  it.each(['', '[]', '[true]', '[1, {}]', '[true, []]', '[true, {"node01": "3"}]', '<h1>', '{"a":1}'])(
    'has no stats from %j',
    async (body) => {
      await post(reply(201, 'CREATED\n', ALL));
      transport.next = reply(200, body);
      expect(await client.stats(BOUNDS)).toBeNull();
      expect(client.extensions.has('list')).toBe(true);
    },
  );

  it('has neither from an error or from silence', async () => {
    await post(reply(201, 'CREATED\n', ALL));
    for (const next of [own(500, 'x', ALL), SILENT, REFUSED]) {
      transport.next = next;
      expect(await client.stats(BOUNDS)).toBeNull();
      expect(await client.list(null, BOUNDS)).toBeNull();
    }
  });

  it('lists only where the extension is advertised, page by page', async () => {
    expect(await client.list(null, BOUNDS)).toBeNull();
    expect(transport.sent).toHaveLength(0);
    await post(reply(201, 'CREATED\n', ALL));
    const groups = [
      { groupId: 'a', timestamp: 7.25 },
      { groupId: 'b&c', timestamp: null },
    ];
    transport.next = reply(200, JSON.stringify({ groups, next: 'b&c' }), ALL);
    expect(await client.list(null, BOUNDS)).toEqual({ groups, next: 'b&c' });
    transport.next = reply(200, JSON.stringify({ groups: [] }), ALL);
    expect(await client.list('b&c', BOUNDS)).toEqual({ groups: [], next: null });
    expect(transport.sent.slice(1).map(({ path }) => path)).toEqual([
      '/groups?node=node01&limit=100',
      '/groups?node=node01&limit=100&after=b%26c',
    ]);
  });

  it.each(['[]', '{"groups":{}}', '{"groups":[{"groupId":5,"timestamp":null}]}', '{"groups":[],"next":1}'])(
    'has no list from %j',
    async (body) => {
      await post(reply(201, 'CREATED\n', ALL));
      transport.next = reply(200, body, ALL);
      expect(await client.list(null, BOUNDS)).toBeNull();
    },
  );
});

describe('over the wire', () => {
  let node: TcpNode;
  let wire: Transport;

  beforeEach(async () => {
    node = await TcpNode.listen(({ head, socket }) => {
      if (head.startsWith('GET'))
        socket.write(replyText(200, '{"groupId":"5"}\n', { ...ALL, timestamp: String(TOKEN) }));
      else
        socket.write(
          replyText(head.startsWith('POST') ? 201 : 200, head.startsWith('POST') ? 'CREATED\n' : 'OK\n'),
        );
    });
    wire = createUndiciTransport({ node01: node.url }, { maxInFlightPerNode: 1, replyBytes: 1_024, clock });
    client = open({ transport: wire });
  });

  afterEach(async () => {
    await wire.close();
    await node.close();
  });

  it('creates, reads and deletes', async () => {
    const answers = [
      await client.post('5', TOKEN, WRITE),
      await client.get('5', BOUNDS),
      await client.delete('5', TOKEN, WRITE),
    ].map(({ answer }) => answer);
    expect(answers).toEqual([
      { class: 'yes', status: 201 },
      { class: 'yes', status: 200, timestamp: TOKEN },
      { class: 'yes', status: 200 },
    ]);
    expect(node.requests[2]?.head).toContain('holdfast-fence: journal-1:18446744073709551615');
    expect(node.requests[2]?.body).toBe('{"groupId":"5"}');
    expect(node.connections).toBe(1);
  });
});
