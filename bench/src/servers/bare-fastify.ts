import Fastify from 'fastify';

/**
 * The floor of cluster-sim: Fastify with the same three routes that store nothing, check nothing, log nothing and count
 * nothing. Bodies are parsed as JSON and ids are read from the path, since a handler without its input is no route.
 */
const app = Fastify();
app.post<{ Body: { groupId: string } }>('/v1/group', (request, reply) => {
  void reply.code(request.body.groupId === '' ? 400 : 201).send('CREATED');
});
app.delete<{ Body: { groupId: string } }>('/v1/group', (request, reply) => {
  void reply.code(request.body.groupId === '' ? 404 : 200).send('OK');
});
app.get<{ Params: { id: string } }>('/v1/group/:id', (request, reply) => {
  void reply.send({ groupId: request.params.id });
});

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`bare fastify listens on ${url}\n`);
process.once('SIGTERM', () => process.exit(0));
