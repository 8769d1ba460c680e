import { isColour } from '../colour.js';
import { EngineMockError } from '../engine-mock-error.js';
import { MAX_DURATION_MS } from '../ranges.js';
import { RPC_NAMES } from '../rpc-names.js';
import type { FaultKind, FaultPlan, FaultRule } from './fault-plan.js';

const MAX_RULES = 100;
const MAX_TIMES = 1_000_000_000;
const MAX_STATUS = 16;
const MAX_MESSAGE = 1_024;
/** HTTP statuses that can stand alone. */
const HTTP = { least: 300, most: 599 };

/** Fields of a rule by its kind, beside those of its scope. */
const FIELDS: Readonly<Record<FaultKind, readonly string[]>> = {
  delay: ['when', 'delayMs'],
  hang: ['when', 'maxMs'],
  reset: ['when'],
  kill: ['when'],
  status: ['when', 'code', 'message'],
  http: ['when', 'status'],
  truncate: [],
};
const SCOPE = ['kind', 'rpc', 'colour', 'rate', 'times'];
const NEEDED: ReadonlySet<string> = new Set(['delayMs', 'code', 'status']);

const isFrom =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** What each field may be, and how to say so. */
const CHECKS: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>> = {
  when: [(value) => value === 'before' || value === 'after', 'before or after'],
  delayMs: [isFrom(0, MAX_DURATION_MS), `a whole number from 0 to ${MAX_DURATION_MS}`],
  maxMs: [isFrom(0, MAX_DURATION_MS), `a whole number from 0 to ${MAX_DURATION_MS}`],
  code: [isFrom(1, MAX_STATUS), `a gRPC status from 1 to ${MAX_STATUS}`],
  message: [
    (value) => typeof value === 'string' && value.length <= MAX_MESSAGE,
    `text of up to ${MAX_MESSAGE} characters`,
  ],
  status: [isFrom(HTTP.least, HTTP.most), `an HTTP status from ${HTTP.least} to ${HTTP.most}`],
  rpc: [
    (value) => typeof value === 'string' && RPC_NAMES.has(value),
    'the name of a call, such as executeStatement or ClusterService/status',
  ],
  colour: [isColour, 'blue or green'],
  rate: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'],
  times: [isFrom(0, MAX_TIMES), `a whole number from 0 to ${MAX_TIMES}`],
};

/**
 * Checks a plan from outside and makes it immutable.
 *
 * @throws EngineMockError `INVALID_FAULTS` that names field, value and range.
 */
export function parseFaultPlan(plan: unknown): FaultPlan {
  if (!Array.isArray(plan)) throw invalid('faults', plan, 'a JSON array of rules');
  if (plan.length > MAX_RULES) throw invalid('faults', plan.length, `an array of up to ${MAX_RULES} rules`);
  return Object.freeze(plan.map((rule: unknown, index) => parseRule(`faults[${index}]`, rule)));
}

function parseRule(name: string, rule: unknown): FaultRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw invalid(name, rule, 'a JSON object');
  }
  const kind: unknown = 'kind' in rule ? rule.kind : undefined;
  if (!isKind(kind)) throw invalid(`${name}.kind`, kind, `one of ${Object.keys(FIELDS).join(', ')}`);
  const known = [...SCOPE, ...FIELDS[kind]];
  for (const [field, value] of Object.entries(rule)) {
    if (!known.includes(field)) throw invalid(`${name}.${field}`, value, `one of ${known.join(', ')}`);
    const check = CHECKS[field];
    if (check !== undefined && !check[0](value)) throw invalid(`${name}.${field}`, value, check[1]);
  }
  for (const field of FIELDS[kind]) {
    if (NEEDED.has(field) && !(field in rule)) {
      throw invalid(`${name}.${field}`, undefined, `${CHECKS[field]?.[1]}, it is missing`);
    }
  }
  // Every field has been checked against the kind of the rule.
  return Object.freeze({ ...rule }) as FaultRule;
}

const isKind = (value: unknown): value is FaultKind =>
  typeof value === 'string' && Object.hasOwn(FIELDS, value);

function invalid(name: string, value: unknown, range: string): EngineMockError {
  return new EngineMockError('INVALID_FAULTS', `${name} is ${JSON.stringify(value)}; it must be ${range}`);
}
