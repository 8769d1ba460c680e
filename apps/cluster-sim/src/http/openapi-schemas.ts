const RATE = { type: 'number', minimum: 0, maximum: 1 } as const;
const MS = { type: 'number', minimum: 0, maximum: 600_000 } as const;
const DELAY = {
  type: 'object',
  required: ['rate', 'minMs', 'maxMs'],
  properties: { rate: RATE, minMs: MS, maxMs: MS },
} as const;

const RATES = {
  errorBefore: { ...RATE, description: 'Own error (500 or 408) instead of any work.' },
  errorAfter: { ...RATE, description: 'The work is done, the answer is an own error.' },
  lostReply: { ...RATE, description: 'The work is done, then the connection is reset.' },
  hang: { ...RATE, description: 'No work and no answer.' },
  delay: { ...DELAY, description: 'Work and answer wait.' },
  late: {
    ...DELAY,
    properties: { ...DELAY.properties, reset: { type: 'boolean', default: true } },
    description: 'The connection is lost, the write is applied later.',
  },
  errorThenWrite: { ...DELAY, description: 'An own error is answered, the write is applied later.' },
  repeatDelete: { ...DELAY, description: 'A DELETE is applied once more, later.' },
} as const;

const VERBS = {
  type: 'object',
  description: 'Exceptions for POST, GET or DELETE.',
  additionalProperties: { type: 'object', properties: RATES },
} as const;

/** Describes `FaultPlan`. */
export const FAULT_PLAN_SCHEMA: object = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...RATES,
    verbs: VERBS,
    nodes: {
      type: 'object',
      description: 'Exceptions by name of a node.',
      additionalProperties: {
        type: 'object',
        properties: { ...RATES, verbs: VERBS, down: { type: 'boolean', default: false } },
      },
    },
  },
};

/** Describes `AppliedEntry`. */
export const LOG_ENTRY_SCHEMA: object = {
  type: 'object',
  properties: {
    seq: { type: 'integer' },
    at: { type: 'number', description: 'Milliseconds since 1970.' },
    node: { type: 'string' },
    verb: { enum: ['POST', 'DELETE'] },
    groupId: { type: 'string' },
    timestamp: { type: 'number', nullable: true },
    fence: { type: 'string', nullable: true },
    applied: { enum: ['created', 'deleted', 'none'] },
    status: { type: 'integer', description: "The node's own answer." },
    fault: { type: 'string', nullable: true },
    late: { type: 'boolean' },
  },
};
