import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeReply, NodeRequest, SendOptions, Transport } from '../../src/nodes/transport.js';
import { createUndiciTransport } from '../../src/nodes/undici-transport.js';
import { ManualClock } from './manual-clock.js';
import { CREATED_REPLY, created, replyText, type SeenRequest, TcpNode } from './tcp-node.js';

const POST: NodeRequest = {
  method: 'POST',
  path: '/group',
  headers: { node: 'node01', 'content-type': 'application/json', timestamp: '7.25' },
  body: '{"groupId":"5"}',
};
const BOUNDS: SendOptions = { timeoutMs: 2_000, queueMs: 10_000 };

let clock: ManualClock;
let node: TcpNode;
let transport: Transport;

function open(url: string, maxInFlightPerNode = 4): Transport {
  return createUndiciTransport({ node01: url }, { maxInFlightPerNode, replyBytes: 1_024, clock });
}

function send(o: Partial<SendOptions> = {}, request: NodeRequest = POST): Promise<NodeReply> {
  return transport.send('node01', request, { ...BOUNDS, ...o });
}

const post = (id: string): NodeRequest => ({ ...POST, body: `{"groupId":"${id}"}` });
const ids = (): readonly string[] => node.requests.map(({ body }) => String(JSON.parse(body).groupId));

beforeEach(async () => {
  clock = new ManualClock();
  node = await TcpNode.listen(created);
  transport = open(node.url);
});

afterEach(async () => {
  await transport.close();
  await node.close();
});

describe('a request and its reply', () => {
  it('sends exactly the given headers and body, and reads status, headers, body and the time of the send', async () => {
    node.script = ({ socket }) => {
      clock.advance(5);
      socket.write(
        replyText(201, 'CRÉÉ\n', { 'X-Twice': 'a', 'x-twice': 'b', 'Holdfast-Extensions': 'list' }),
      );
    };
    expect(await send()).toEqual({
      kind: 'reply',
      status: 201,
      headers: { 'content-length': '7', 'x-twice': 'a, b', 'holdfast-extensions': 'list' },
      body: 'CRÉÉ\n',
      sentAt: 1_000,
    });
    const [request] = node.requests;
    expect(request?.head.split('\r\n')).toEqual([
      'POST /group HTTP/1.1',
      `host: 127.0.0.1:${node.port}`,
      'connection: keep-alive',
      'node: node01',
      'content-type: application/json',
      'timestamp: 7.25',
      'content-length: 15',
    ]);
    expect(request?.body).toBe('{"groupId":"5"}');
    expect(clock.timers).toBe(0);
  });

  it('puts the path of the base URL first', async () => {
    const based = open(`${node.url}/v1/`);
    await based.send('node01', POST, BOUNDS);
    await based.close();
    expect(node.requests[0]?.head).toMatch(/^POST \/v1\/group HTTP/);
  });

  it('keeps its socket over requests, also over a DELETE with a body', async () => {
    transport = open(node.url, 1);
    for (const method of ['POST', 'DELETE', 'DELETE', 'GET'] as const)
      expect(await send({}, { ...POST, method })).toMatchObject({ kind: 'reply', status: 201 });
    expect(node.connections).toBe(1);
  });

  it('reads bodies in pieces, in chunks and up to the closing of the socket', async () => {
    node.script = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{"\r\n');
      setImmediate(() => socket.write('3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n'));
    };
    expect(await send()).toMatchObject({ kind: 'reply', body: '{"a":1}' });
    node.script = ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nOK\n');
    expect(await send()).toMatchObject({ kind: 'reply', status: 200, body: 'OK\n' });
  });

  it('passes over 1xx replies and follows no redirect (scenario 28)', async () => {
    node.script = ({ socket }) =>
      void socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${CREATED_REPLY}`);
    expect(await send()).toMatchObject({ kind: 'reply', status: 201, body: 'CREATED\n' });
    node.script = ({ socket }) => void socket.write(replyText(307, '', { location: '/elsewhere' }));
    expect(await send()).toMatchObject({ kind: 'reply', status: 307 });
    expect(node.requests).toHaveLength(2);
  });

  it('does not know other nodes', async () => {
    expect(await transport.send('node09', POST, BOUNDS)).toMatchObject({ kind: 'not_sent' });
  });
});

describe('the queue of a node', () => {
  it('keeps at most so many requests in flight, in order, one to a socket', async () => {
    const held: SeenRequest[] = [];
    node.script = (request) => void held.push(request);
    const replies = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => send({}, post(id)));
    await node.seen(4);
    expect(ids().toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(new Set(node.requests.map(({ connection }) => connection)).size).toBe(4);
    for (const { socket } of held.splice(0, 2)) socket.write(CREATED_REPLY);
    await node.seen(6);
    expect(ids().slice(4)).toEqual(['e', 'f']);
    for (const { socket } of held) socket.write(CREATED_REPLY);
    expect(await Promise.all(replies)).toHaveLength(6);
    expect(node.connections).toBe(4);
  });

  it('does not pipeline: while a reply is being read, another request takes another socket (4.8)', async () => {
    let finish = (): void => undefined;
    node.script = ({ socket }) => {
      finish = () => void socket.write('OK\n');
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nOK\n');
    };
    const get: NodeRequest = { method: 'GET', path: '/group/5', headers: {} };
    const first = send({}, get);
    await node.seen(1);
    const finishFirst = finish;
    // One request more on a socket of its own, so that the head of the first reply has been read for certain.
    node.script = created;
    const others = [await send({}, get), await send({}, get), await send({}, get)];
    expect(others).toMatchObject([{ kind: 'reply' }, { kind: 'reply' }, { kind: 'reply' }]);
    expect(node.requests.filter(({ connection }) => connection === 1)).toHaveLength(1);
    finishFirst();
    expect(await first).toMatchObject({ kind: 'reply', body: 'OK\nOK\n' });
  });

  it('limits each of two nodes behind one address by itself', async () => {
    const both = createUndiciTransport(
      { node01: node.url, node02: node.url },
      { maxInFlightPerNode: 1, replyBytes: 1_024, clock },
    );
    node.script = () => undefined;
    const aborting = new AbortController();
    const o = { ...BOUNDS, signal: aborting.signal };
    const sent = ['node01', 'node02', 'node01'].map((name, i) => both.send(name, post(`${i}`), o));
    await node.seen(2);
    expect(ids().toSorted()).toEqual(['0', '1']);
    aborting.abort();
    expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(['silent', 'silent', 'not_sent']);
    await both.close();
  });

  it('gives up a request that waits too long, and never sends it', async () => {
    transport = open(node.url, 1);
    const held: SeenRequest[] = [];
    node.script = (request) => void held.push(request);
    const first = send({}, post('first'));
    await node.seen(1);
    const waiting = send({ queueMs: 300 }, post('late'));
    clock.advance(299);
    const third = send({}, post('third'));
    clock.advance(1);
    expect(await waiting).toMatchObject({ kind: 'not_sent' });
    node.script = created;
    held[0]?.socket.write(CREATED_REPLY);
    await Promise.all([first, third]);
    expect(ids()).toEqual(['first', 'third']);
  });

  it('counts the time of an attempt from its send, not in the queue', async () => {
    transport = open(node.url, 1);
    const held: SeenRequest[] = [];
    node.script = (request) => void held.push(request);
    const first = send({ timeoutMs: 60_000 });
    await node.seen(1);
    const second = send({ timeoutMs: 100 });
    clock.advance(5_000);
    held[0]?.socket.write(CREATED_REPLY);
    await node.seen(2);
    clock.advance(99);
    held[1]?.socket.write(CREATED_REPLY);
    expect(await first).toMatchObject({ kind: 'reply', sentAt: 1_000 });
    expect(await second).toMatchObject({ kind: 'reply', sentAt: 6_000 });
  });

  it('ends an attempt on time that was sent late in its wait', async () => {
    transport = open(node.url, 1);
    const held: SeenRequest[] = [];
    node.script = (request) => void held.push(request);
    const first = send({ timeoutMs: 60_000 });
    await node.seen(1);
    const second = send({ timeoutMs: 100, queueMs: 10_000 });
    clock.advance(150);
    held[0]?.socket.write(CREATED_REPLY);
    await node.seen(2);
    clock.advance(100);
    clock.advance(1);
    expect(await second).toMatchObject({ kind: 'silent', sentAt: 1_150 });
    await first;
  });
});

describe('abort and close', () => {
  it('is not sent when aborted before, or in the queue', async () => {
    transport = open(node.url, 1);
    expect(await send({ signal: AbortSignal.abort() })).toMatchObject({ kind: 'not_sent' });
    node.script = () => undefined;
    const running = new AbortController();
    const first = send({ signal: running.signal });
    await node.seen(1);
    const queued = new AbortController();
    const second = send({ signal: queued.signal });
    queued.abort(new Error('changed my mind'));
    expect(await second).toEqual({ kind: 'not_sent', cause: new Error('changed my mind') });
    running.abort();
    expect(await first).toMatchObject({ kind: 'silent', sentAt: 1_000 });
    expect(node.requests).toHaveLength(1);
  });

  it('leaves no listener on a signal and no timer', async () => {
    const { signal } = new AbortController();
    await Promise.all([send({ signal }), send({ signal }), send({ signal })]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(clock.timers).toBe(0);
  });

  it('is silent when aborted in the middle of the reply, and the next request has a socket of its own', async () => {
    transport = open(node.url, 1);
    const aborting = new AbortController();
    node.script = ({ socket }) => {
      socket.write('HTTP/1.1 201 CREATED\r\ncontent-length: 8\r\n\r\nCRE', () => aborting.abort());
    };
    expect(await send({ signal: aborting.signal })).toMatchObject({ kind: 'silent' });
    node.script = created;
    expect(await send()).toMatchObject({ kind: 'reply', status: 201 });
    expect(node.connections).toBe(2);
  });

  it('closes with a request that hangs: silent for it, not sent for those that wait or come later', async () => {
    transport = open(node.url, 1);
    node.script = () => undefined;
    const hanging = send({ timeoutMs: 60_000 });
    await node.seen(1);
    const waiting = send({ queueMs: 60_000 });
    const closing = transport.close();
    expect(await waiting).toMatchObject({ kind: 'not_sent' });
    expect(await send()).toMatchObject({ kind: 'not_sent' });
    clock.advance(500);
    await closing;
    expect(await hanging).toMatchObject({ kind: 'silent' });
    await transport.close();
  });

  it('lets a reply that is under way arrive before it closes', async () => {
    let answer = (): void => undefined;
    node.script = ({ socket }) => {
      answer = () => void socket.write(CREATED_REPLY);
    };
    const running = send();
    await node.seen(1);
    const closing = transport.close();
    answer();
    expect(await running).toMatchObject({ kind: 'reply', status: 201 });
    await closing;
  });
});
