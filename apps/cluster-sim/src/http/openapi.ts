import { FAULT_PLAN_SCHEMA, LOG_ENTRY_SCHEMA } from './openapi-schemas.js';

const NODE = {
  name: 'node',
  in: 'header',
  description: "The node that is meant; without it the first label of the host name, or the port's own node.",
  schema: { type: 'string', example: 'node01' },
} as const;

const TIMESTAMP = {
  name: 'timestamp',
  in: 'header',
  description: 'The token: a finite decimal number greater than 0.',
  schema: { type: 'string', example: '1633806680.426599' },
} as const;

const FENCE = {
  name: 'holdfast-fence',
  in: 'header',
  description: 'Extension fence: <scope>:<unsigned 64-bit integer>.',
  schema: { type: 'string', example: 'a3f0:7' },
} as const;

const GROUP_BODY = {
  required: true,
  description: 'Read as JSON whatever the content type says.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['groupId'],
        properties: { groupId: { oneOf: [{ type: 'string' }, { type: 'number' }], example: '5' } },
      },
    },
  },
} as const;

/** An answer that is told by its status; errors have the body `{"message", "status"}`. */
function answers(texts: Readonly<Record<string, string>>): Record<string, { description: string }> {
  return Object.fromEntries(Object.entries(texts).map(([status, description]) => [status, { description }]));
}

const ADMIN = { tags: ['admin'], security: [{ adminToken: [] }] } as const;

function query(name: string, schema: object, description: string): object {
  return { name, in: 'query', schema, description };
}

/** The description of the whole API. Every path but those of `admin` and `observe` also exists below `/v1`. */
export const openApiDocument: object = {
  openapi: '3.0.3',
  info: {
    title: 'Holdfast cluster simulator',
    version: '0.1.0',
    description:
      'Simulated cluster nodes with faults on demand. Every path of the group API also exists below /v1.',
  },
  tags: [{ name: 'groups' }, { name: 'admin' }, { name: 'observe' }],
  components: {
    securitySchemes: { adminToken: { type: 'http', scheme: 'bearer' } },
    schemas: { FaultPlan: FAULT_PLAN_SCHEMA, AppliedEntry: LOG_ENTRY_SCHEMA },
  },
  paths: {
    '/group': {
      post: {
        tags: ['groups'],
        summary: 'Create a record on one node',
        parameters: [NODE, TIMESTAMP, FENCE],
        requestBody: GROUP_BODY,
        responses: answers({
          201: 'Created.',
          400: 'The record exists, or the request is malformed.',
          406: 'No known node, or no groupId.',
          408: 'Random fault.',
          410: 'Extension tombstone: a record with this timestamp was deleted.',
          412: 'Extension fence: a higher value of the scope has been seen.',
          413: 'The body is too large.',
          500: 'Random fault.',
        }),
      },
      delete: {
        tags: ['groups'],
        summary: 'Delete a record from one node',
        description: 'With a timestamp only the record with this id and timestamp, without it any version.',
        parameters: [NODE, TIMESTAMP, FENCE],
        requestBody: GROUP_BODY,
        responses: answers({
          200: 'Deleted.',
          400: 'The request is malformed.',
          404: 'No such record.',
          406: 'No known node, or no groupId.',
          408: 'Random fault.',
          412: 'Extension fence: a higher value of the scope has been seen.',
          413: 'The body is too large.',
          500: 'Random fault.',
        }),
      },
    },
    '/group/{id}': {
      get: {
        tags: ['groups'],
        summary: 'Whether a node holds a record',
        description: 'Extension timestamp: the response header timestamp has the token of the record.',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }, NODE],
        responses: answers({ 200: '{"groupId": …}', 404: 'No such record.', 406: 'No known node.' }),
      },
    },
    '/groups': {
      get: {
        tags: ['groups'],
        summary: 'Extension list: the records of a node, in pages',
        parameters: [
          NODE,
          query('node', { type: 'string' }, 'The same as the header, and wins over it.'),
          query('after', { type: 'string' }, 'Ids behind this one: `next` of the page before.'),
          query('limit', { type: 'integer', minimum: 1, maximum: 10_000, default: 1_000 }, 'Size of a page.'),
        ],
        responses: answers({ 200: '{"groups": [{"groupId", "timestamp"}], "next"}', 406: 'No known node.' }),
      },
    },
    '/stats': {
      get: {
        tags: ['groups'],
        summary: 'Whether all nodes hold the same ids, and how many each holds',
        responses: answers({ 200: '[true, {"node01": 100, "node02": 100, "node03": 100}]' }),
      },
    },
    '/ping': { get: { tags: ['groups'], summary: 'PONG', responses: answers({ 200: 'PONG' }) } },
    '/admin/faults': {
      get: {
        ...ADMIN,
        summary: 'The fault plan',
        responses: answers({ 200: 'The plan.', 401: 'No token.' }),
      },
      put: {
        ...ADMIN,
        summary: 'Replace the whole fault plan',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/FaultPlan' },
              example: { errorBefore: 0.2, lostReply: 0.05, nodes: { node02: { down: true } } },
            },
          },
        },
        responses: answers({
          200: 'The new plan.',
          400: 'Not a plan; nothing has changed.',
          401: 'No token.',
        }),
      },
    },
    '/admin/nodes/{node}/{action}': {
      post: {
        ...ADMIN,
        summary: 'Stop, start or wipe a node',
        parameters: [
          { name: 'node', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'action', in: 'path', required: true, schema: { enum: ['stop', 'start', 'wipe'] } },
        ],
        responses: answers({ 200: 'Done.', 401: 'No token.', 404: 'No such node or action.' }),
      },
    },
    '/admin/log': {
      get: {
        ...ADMIN,
        summary: 'What was really applied, the latest 100,000 entries',
        parameters: [
          query(
            'after',
            { type: 'integer', minimum: 0 },
            'Entries with a higher seq: `next` of the page before.',
          ),
          query('limit', { type: 'integer', minimum: 1, maximum: 10_000, default: 1_000 }, 'Size of a page.'),
        ],
        responses: answers({ 200: '{"entries": [AppliedEntry], "oldest", "next"}', 401: 'No token.' }),
      },
    },
    '/healthz': {
      get: { tags: ['observe'], summary: 'Health and nodes', responses: answers({ 200: 'Healthy.' }) },
    },
    '/metrics': {
      get: { tags: ['observe'], summary: 'Metrics for Prometheus', responses: answers({ 200: 'Text.' }) },
    },
    '/openapi.json': {
      get: { tags: ['observe'], summary: 'This description', responses: answers({ 200: 'OpenAPI 3.0.' }) },
    },
  },
};
