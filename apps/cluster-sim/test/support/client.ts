import { Agent, type Dispatcher, request } from 'undici';
import { expect, onTestFinished } from 'vitest';
import { ADMIN_TOKEN } from './cluster.js';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What a test asks for. `node` and `timestamp` are the headers of the group API. */
export interface Ask {
  readonly node?: string;
  readonly timestamp?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

/** Sends requests to one address; its connections are closed when the test ends. */
export class TestClient {
  readonly #url: string;
  readonly #agent = new Agent({ connections: 64, pipelining: 1 });

  constructor(url: string) {
    this.#url = url;
    onTestFinished(() => this.#agent.destroy());
  }

  async send(method: Dispatcher.HttpMethod, path: string, ask: Ask = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...ask.headers };
    if (ask.node !== undefined) headers['node'] = ask.node;
    if (ask.timestamp !== undefined) headers['timestamp'] = String(ask.timestamp);
    const {
      statusCode,
      headers: got,
      body,
    } = await request(`${this.#url}${path}`, {
      method,
      headers,
      body: ask.body ?? null,
      signal: ask.signal,
      dispatcher: this.#agent,
    });
    return { status: statusCode, headers: got, text: await body.text() };
  }

  create(groupId: unknown, ask: Ask = {}): Promise<Answer> {
    return this.send('POST', '/group', { node: 'node01', ...ask, body: JSON.stringify({ groupId }) });
  }

  delete(groupId: unknown, ask: Ask = {}): Promise<Answer> {
    return this.send('DELETE', '/group', { node: 'node01', ...ask, body: JSON.stringify({ groupId }) });
  }

  get(groupId: string, ask: Ask = {}): Promise<Answer> {
    return this.send('GET', `/group/${encodeURIComponent(groupId)}`, { node: 'node01', ...ask });
  }

  admin(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const ask = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
    return this.send(method, `/admin/${path}`, ask);
  }
}

/** The body of an error, checked to have the origin's shape. */
export function messageOf(answer: Answer): string {
  const body: unknown = JSON.parse(answer.text);
  expect(body).toEqual({ message: expect.any(String), status: answer.status });
  return (body as { message: string }).message;
}

/** The request must end in a lost connection, not in an answer. */
export async function expectLost(answer: Promise<Answer>): Promise<void> {
  const outcome = await answer.then(
    ({ status }) => `status ${status}`,
    (error: { code?: string }) => error.code,
  );
  expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(outcome);
}
