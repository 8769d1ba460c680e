import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultVerb } from '../faults/fault-plan.js';
import { NOT_FOUND } from '../replies.js';
import type { VerbDice } from '../sim-node.js';
import { type GroupContext, GroupExchange, groupIdOf } from './group-exchange.js';
import { sendReply } from './send-reply.js';

/** What the routes need beside the context of an exchange. */
export interface GroupRoutesOptions {
  readonly context: GroupContext;
  /** Dice for requests that name no node: the origin throws before it looks at the node. */
  diceOfNoNode(): VerbDice;
}

/** `POST /group`, `DELETE /group`, `GET /group/:id`: the routes on which faults strike. */
export function addGroupRoutes(app: FastifyInstance, options: GroupRoutesOptions): void {
  const { context, diceOfNoNode } = options;
  const start = (verb: FaultVerb, request: FastifyRequest, reply: FastifyReply): void => {
    const node = context.directory.find(request.raw.headers);
    const dice = (node?.dice ?? diceOfNoNode())[verb];
    new GroupExchange(context, verb, { request, reply, node, dice }).start();
  };
  for (const prefix of ['', '/v1']) {
    app.post(`${prefix}/group`, (request, reply) => start('POST', request, reply));
    app.delete(`${prefix}/group`, (request, reply) => start('DELETE', request, reply));
    app.get(`${prefix}/group/:id`, (request, reply) => {
      const groupId = groupIdOf(request);
      // The router of the origin lets neither an empty id nor a slash, even an encoded one, reach its handler.
      if (groupId === '' || groupId.includes('/')) sendReply(reply, NOT_FOUND);
      else start('GET', request, reply);
    });
  }
}
