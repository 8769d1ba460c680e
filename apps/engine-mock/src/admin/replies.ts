import type { FastifyReply } from 'fastify';

/** One answer of the admin server. */
export interface AdminReply {
  readonly status: number;
  readonly body: unknown;
}

/** The shape of all errors: exactly `message` and `status`. */
export function errorReply(status: number, message: string): AdminReply {
  return { status, body: { message, status } };
}

export const UNAUTHORIZED: AdminReply = errorReply(
  401,
  'Send the admin token as "Authorization: Bearer <token>".',
);
export const NOT_FOUND: AdminReply = errorReply(404, 'There is no such path; the README lists all.');
export const INTERNAL_ERROR: AdminReply = errorReply(
  500,
  'The engine could not do it because of an error of its own; its log has more.',
);

/** Sends an answer as JSON. */
export function sendReply(reply: FastifyReply, { status, body }: AdminReply): void {
  reply
    .code(status)
    .header('content-type', 'application/json')
    .send(`${JSON.stringify(body, bigintAsNumber)}\n`);
}

/** Counts may be bigints, which JSON has not. */
function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
