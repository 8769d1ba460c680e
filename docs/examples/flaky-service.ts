import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service of somebody else's, on a real port: it remembers what was ordered by token, and it is not very reliable. */
export interface FlakyService {
  readonly url: string;
  /** What it holds now, by token. */
  readonly held: ReadonlyMap<string, unknown>;
  close(): Promise<void>;
}

/**
 * `PUT /:token` takes something on, `DELETE /:token` gives it up; both may be repeated. Of every five requests one is
 * answered with 503 before anything happens, and one is carried out but its reply is lost. `declines` says no for good.
 */
export async function startFlakyService(
  declines: (body: unknown) => string | null = () => null,
): Promise<FlakyService> {
  const held = new Map<string, unknown>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null;
    const token = (request.url ?? '/').slice(1);
    requests += 1;
    if (requests % 5 === 1) return response.writeHead(503).end();
    const no = request.method === 'PUT' ? declines(body) : null;
    if (no !== null) return response.writeHead(409).end(no);
    if (request.method === 'PUT') held.set(token, body);
    else held.delete(token);
    if (requests % 5 === 3) return request.socket.destroy();
    return response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    held,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
