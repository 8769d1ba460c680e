import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeReply, NodeRequest, SendOptions, Transport } from '../../src/nodes/transport.js';
import { createUndiciTransport } from '../../src/nodes/undici-transport.js';
import { ManualClock } from './manual-clock.js';
import { CREATED_REPLY, created, replyText, TcpNode } from './tcp-node.js';

const BOUNDS: SendOptions = { timeoutMs: 2_000, queueMs: 10_000 };
const METHODS = ['POST', 'DELETE', 'GET'] as const;

let clock: ManualClock;
let node: TcpNode;
let transport: Transport;

/** One socket at a time unless a test wants more, so that the connections that a node counts tell what was replaced. */
const open = (url: string, maxInFlightPerNode = 1): Transport =>
  createUndiciTransport({ node01: url }, { maxInFlightPerNode, replyBytes: 1_024, clock });

function send(method: NodeRequest['method'] = 'POST', o: Partial<SendOptions> = {}): Promise<NodeReply> {
  const request = { method, path: '/group', headers: { node: 'node01' }, body: '{"groupId":"5"}' };
  return transport.send('node01', request, { ...BOUNDS, ...o });
}

/** The URL of a port on which nobody listens any more. */
async function deadUrl(): Promise<string> {
  const gone = await TcpNode.listen();
  const { url } = gone;
  await gone.close();
  return url;
}

beforeEach(async () => {
  clock = new ManualClock();
  node = await TcpNode.listen(created);
  transport = open(node.url);
});

afterEach(async () => {
  await transport.close();
  await node.close();
});

describe('not sent (4.2)', () => {
  it('when the connection is refused, and each further request tries anew', async () => {
    transport = open(await deadUrl(), 4);
    for (let i = 0; i < 5; i += 1)
      expect(await send()).toMatchObject({ kind: 'not_sent', cause: { code: 'ECONNREFUSED' } });
    const many = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(many.every(({ kind }) => kind === 'not_sent')).toBe(true);
  });

  it('when the name cannot be resolved', async () => {
    transport = open('http://node.invalid');
    expect(await send()).toMatchObject({ kind: 'not_sent' });
  });

  it('when it is cut short or times out while the connection is still being made', async () => {
    transport = open(node.url.replace('http:', 'https:'), 2);
    const connected = new Promise<void>((resolve) => {
      node.onConnection = () => resolve();
    });
    const aborting = new AbortController();
    const aborted = send('POST', { signal: aborting.signal });
    const late = send('POST', { queueMs: 300 });
    await connected;
    aborting.abort();
    expect(await aborted).toMatchObject({ kind: 'not_sent' });
    clock.advance(300);
    expect(await late).toMatchObject({ kind: 'not_sent' });
    expect(node.requests).toHaveLength(0);
    // The transport must end although undici still waits for these connections.
    const closing = transport.close();
    clock.advance(500);
    await closing;
  });

  it('when TLS fails, of which the request itself is no part', async () => {
    node.onConnection = (socket) => void socket.end('this is no TLS\r\n');
    transport = open(node.url.replace('http:', 'https:'));
    expect(await send()).toMatchObject({ kind: 'not_sent' });
  });

  it('withdrawn while connecting: the connection serves the next request and never sees the first', async () => {
    const aborting = new AbortController();
    const first = send('POST', { signal: aborting.signal });
    aborting.abort();
    expect(await first).toMatchObject({ kind: 'not_sent' });
    expect(await send('DELETE')).toMatchObject({ kind: 'reply' });
    expect(node.requests.map(({ head }) => head.slice(0, 6))).toEqual(['DELETE']);
  });
});

describe('silent (4.2)', () => {
  it.each(METHODS)('%s: reset after the request has been read', async (method) => {
    node.script = ({ socket }) => void socket.resetAndDestroy();
    expect(await send(method)).toMatchObject({ kind: 'silent', sentAt: 1_000 });
    expect(node.requests).toHaveLength(1);
  });

  it.each(METHODS)('%s: reset of the connection as soon as it stands: no second try', async (method) => {
    node.onConnection = (socket) => void socket.resetAndDestroy();
    // Which of the two it is depends on whether the RST overtakes the writing of the request.
    expect(['silent', 'not_sent']).toContain((await send(method)).kind);
    expect(node).toMatchObject({ connections: 1, requests: [] });
  });

  it.each(METHODS)(
    '%s: a kept socket is half-closed under the request; it is not sent again (scenario 29)',
    async (method) => {
      expect(await send()).toMatchObject({ kind: 'reply' });
      node.script = ({ socket }) => void socket.end();
      expect(await send(method)).toMatchObject({ kind: 'silent' });
      node.script = created;
      expect(await send()).toMatchObject({ kind: 'reply' });
      expect(node.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    },
  );

  it('a kept socket that was half-closed while idle is replaced before the request is written (scenario 29)', async () => {
    const closed = new Promise<unknown>((resolve) => {
      node.script = ({ socket }) => {
        resolve(once(socket, 'close'));
        socket.end(CREATED_REPLY);
      };
    });
    const first = await send();
    await closed;
    node.script = created;
    expect([first, await send()]).toMatchObject([{ kind: 'reply' }, { kind: 'reply' }]);
    expect(node.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it.each([
    ['content-length', 'HTTP/1.1 201 CREATED\r\ncontent-length: 8\r\n\r\nCREA'],
    ['chunked', 'HTTP/1.1 201 CREATED\r\ntransfer-encoding: chunked\r\n\r\n8\r\nCREA'],
    ['head', 'HTTP/1.1 201 CREA'],
    ['nonsense', 'CREATED\n\r\n\r\n'],
    ['a bare 100', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['an upgrade', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
  ])('truncated or no reply: %s (scenario 28)', async (_name, text) => {
    node.script = ({ socket }) => void socket.end(text);
    expect(await send()).toMatchObject({ kind: 'silent' });
    expect(node.requests).toHaveLength(1);
  });

  it.each([
    ['announced', replyText(201, 'x'.repeat(1_025))],
    ['in chunks', `HTTP/1.1 201 OK\r\ntransfer-encoding: chunked\r\n\r\n800\r\n${'x'.repeat(2_048)}\r\n`],
    ['headers', replyText(201, 'CREATED\n', { long: 'x'.repeat(70_000) })],
  ])('a huge reply, %s: it is dropped with its socket', async (_name, text) => {
    node.script = ({ socket }) => void socket.write(text);
    expect(await send()).toMatchObject({ kind: 'silent' });
    node.script = created;
    expect(await send()).toMatchObject({ kind: 'reply' });
    expect(node.connections).toBe(2);
  });

  it('takes a body of exactly the limit', async () => {
    node.script = ({ socket }) => void socket.write(replyText(200, 'x'.repeat(1_024)));
    expect(await send()).toMatchObject({ kind: 'reply', status: 200 });
  });

  it.each([
    ['nothing', ''],
    ['half a body', 'HTTP/1.1 201 CREATED\r\ncontent-length: 8\r\n\r\nCREA'],
  ])('a node that hangs after %s is given up after the time of the attempt', async (_name, text) => {
    node.script = ({ socket }) => void socket.write(text);
    const sending = send('POST', { timeoutMs: 250 });
    await node.seen(1);
    clock.advance(249);
    expect(clock.timers).toBe(1);
    clock.advance(1);
    clock.advance(1);
    expect(await sending).toMatchObject({ kind: 'silent', sentAt: 1_000 });
    expect(clock.timers).toBe(0);
  });

  it('looks at the socket once more before it gives up a reply that came while the process stood still', async () => {
    await send();
    const sending = send('POST', { timeoutMs: 250 });
    await node.seen(2);
    // The reply has been written, and this process has had no turn yet to read it.
    clock.advance(250);
    expect(await sending).toMatchObject({ kind: 'reply' });
  });
});
