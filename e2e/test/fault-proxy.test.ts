import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FaultProxy, type ProxyFault } from '../src/fault-proxy.js';
import { RequestReader } from '../src/request-reader.js';
import { leavesNothingBehind } from '../src/resources.js';
import { seededRandom } from '../src/seeded-random.js';

leavesNothingBehind();

/** A node that answers everything, a proxy in front of it that always does the same, and what reached the node. */
async function proxied(fault: ProxyFault | null): Promise<{ send: () => Promise<number>; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((message: IncomingMessage, response) => {
    message.on('data', (bytes: Buffer) => seen.push(bytes.toString()));
    message.on('end', () => response.end('fine'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: target } = server.address() as AddressInfo;
  const agent = new Agent({ pipelining: 1 });
  onTestFinished(async () => {
    await agent.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const proxy = await FaultProxy.start({ target, random: seededRandom(1), maxStallMs: 20 });
  if (fault) Object.assign(proxy, { rate: 1, faults: [fault] });
  const send = async (): Promise<number> => {
    const options = { method: 'POST', body: 'hello', dispatcher: agent } as const;
    const { statusCode, body } = await request(`http://127.0.0.1:${proxy.port}/`, options);
    await body.dump();
    return statusCode;
  };
  return { send, seen };
}

test('without a fault requests and replies pass, several on one connection', async () => {
  const { send, seen } = await proxied(null);
  expect([await send(), await send(), await send()]).toEqual([200, 200, 200]);
  expect(seen).toEqual(['hello', 'hello', 'hello']);
});

describe.each<ProxyFault>(['stallRequest', 'stallReply'])('%s', (fault) => {
  test('only takes time', async () => {
    const { send, seen } = await proxied(fault);
    expect([await send(), await send()]).toEqual([200, 200]);
    expect(seen).toEqual(['hello', 'hello']);
  });
});

describe.each<ProxyFault>(['lostReply', 'halfClose', 'late'])('%s', (fault) => {
  test('the client gets no reply, and the request arrives', async () => {
    const { send, seen } = await proxied(fault);
    await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) });
    await vi.waitFor(() => expect(seen).toEqual(['hello']));
  });
});

test('reset: the client gets no reply, and nothing arrives', async () => {
  const { send, seen } = await proxied('reset');
  await expect(send()).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) });
  expect(seen).toEqual([]);
});

test('requests are cut out of any pieces', () => {
  const bytes = Buffer.from('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET / HTTP/1.1\r\n\r\n');
  const reader = new RequestReader();
  const cut = Array.from(bytes, (byte) => reader.push(Buffer.from([byte]))).flat();
  expect(cut.map(String)).toEqual([
    'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab',
    'GET / HTTP/1.1\r\n\r\n',
  ]);
  expect(new RequestReader().push(bytes)).toEqual(cut);
});
