import { ADMIN_TOKEN } from '../setting.js';

/** Ms for an answer. */
const ANSWER_MS = 30_000;

/** An answer that is none of those that were asked for. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body}`);
    this.status = status;
  }
}

/** One request to an admin port, with the token. @throws Refused for any other answer than 200. */
export async function ask(method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Refused(`${method} ${url}`, reply.status, text);
  return JSON.parse(text);
}
