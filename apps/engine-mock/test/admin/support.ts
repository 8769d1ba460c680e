import { request } from 'undici';
import { onTestFinished } from 'vitest';
import { type AdminServer, startAdminServer } from '../../src/admin/admin-server.js';
import type { AdminTarget } from '../../src/admin/admin-target.js';
import { silentLogger } from '../../src/logger.js';

export const TOKEN = 'token-of-the-tests';

/** An answer, its body read as JSON where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Sends one request to an admin server. */
export async function send(
  url: string,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  ask: { readonly token?: string | undefined; readonly body?: string } = {},
): Promise<Answer> {
  const answer = await request(`${url}${path}`, {
    method,
    headers: ask.token === undefined ? {} : { authorization: ask.token },
    body: ask.body ?? null,
  });
  const text = await answer.body.text();
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

/** The same with the right token. */
export function change(url: string, method: 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer> {
  return send(url, method, path, {
    token: `Bearer ${TOKEN}`,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** An admin server on a free port, closed when the test ends. */
export async function serve(target: AdminTarget): Promise<AdminServer> {
  const server = await startAdminServer({
    target,
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    logger: silentLogger,
  });
  onTestFinished(() => server.close());
  return server;
}
