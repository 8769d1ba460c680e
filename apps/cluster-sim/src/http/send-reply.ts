import type { FastifyReply } from 'fastify';
import type { NodeReply } from '../replies.js';

/** Sends a reply as it stands: as bytes, since Fastify would add a charset to JSON text, which the origin has not. */
export function sendReply(reply: FastifyReply, answer: NodeReply): void {
  reply.code(answer.status).header('content-type', answer.contentType);
  if (answer.timestamp !== undefined) reply.header('timestamp', answer.timestamp);
  reply.send(answer.body);
}
