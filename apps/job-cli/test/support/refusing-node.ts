import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A node that can be told to decline every DELETE, as one that was set to read-only. */
export interface RefusingNode {
  readonly url: string;
  refuses: boolean;
}

/** Stands in front of a node's base URL and passes on what it does not refuse; gone after the test. */
export async function startRefusingNode(target: string): Promise<RefusingNode> {
  const state = { url: '', refuses: false };
  const server = createServer((incoming, reply) => {
    if (state.refuses && incoming.method === 'DELETE') {
      incoming.resume();
      reply.writeHead(403, { 'content-type': 'application/json' });
      reply.end('{"message": "This node is read-only.", "status": 403}');
      return;
    }
    const { method, headers, url } = incoming;
    const { host: _host, connection: _connection, ...passed } = headers;
    const onward = request(
      new URL(target).origin + url,
      { method, headers: passed, agent: false },
      (answer) => {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
      },
    );
    onward.on('error', () => reply.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  state.url = `http://127.0.0.1:${port}${new URL(target).pathname}`;
  return state;
}
