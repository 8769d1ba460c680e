import { ClusterSimError } from '../cluster-sim-error.js';
import { type DelayFault, FAULT_VERBS, type FaultPlan } from './fault-plan.js';

/** The longest delay a plan may ask for: ten minutes. */
export const MAX_DELAY_MS = 600_000;

const PLAIN_RATES = ['errorBefore', 'hang', 'lostReply', 'errorAfter'] as const;
const DELAYS = ['delay', 'late', 'errorThenWrite', 'repeatDelete'] as const;
const RATE_FIELDS: readonly string[] = [...PLAIN_RATES, ...DELAYS];

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a plan that came from outside, strictly: a field that is not known is an error, since a misspelt fault
 * would silently not happen.
 *
 * @param nodes names that the plan may give exceptions for.
 * @throws ClusterSimError `INVALID_FAULTS` that names the field, its value and the range.
 */
export function parseFaultPlan(value: unknown, nodes: readonly string[]): FaultPlan {
  const fields = readObject(value, 'faults');
  checkScope(fields, 'faults', ['nodes']);
  if (fields['nodes'] !== undefined) {
    for (const [name, node] of Object.entries(readObject(fields['nodes'], 'nodes'))) {
      if (!nodes.includes(name)) throw invalid(`nodes.${name}`, node, `a node of ${nodes.join(', ')}`);
      const path = `nodes.${name}`;
      const exceptions = readObject(node, path);
      checkScope(exceptions, path, ['down']);
      checkBoolean(exceptions['down'], `${path}.down`);
    }
  }
  // Every field has just been checked against the shape of a plan; the copy cannot be changed from outside.
  return deepFreeze(structuredClone(fields)) as FaultPlan;
}

function checkScope(fields: Fields, path: string, more: readonly string[]): void {
  checkRates(fields, path, ['verbs', ...more]);
  if (fields['verbs'] === undefined) return;
  for (const [verb, rates] of Object.entries(readObject(fields['verbs'], `${path}.verbs`))) {
    const where = `${path}.verbs.${verb}`;
    if (!FAULT_VERBS.some((known) => known === verb)) throw invalid(where, rates, FAULT_VERBS.join(', '));
    checkRates(readObject(rates, where), where, []);
  }
}

function checkRates(fields: Fields, path: string, more: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (!RATE_FIELDS.includes(name) && !more.includes(name)) {
      throw invalid(`${path}.${name}`, fields[name], `one of ${[...RATE_FIELDS, ...more].join(', ')}`);
    }
  }
  for (const name of PLAIN_RATES) checkNumber(fields[name], `${path}.${name}`, 0, 1);
  for (const name of DELAYS) {
    if (fields[name] !== undefined) checkDelay(fields[name], `${path}.${name}`, name === 'late');
  }
}

function checkDelay(value: unknown, path: string, late: boolean): void {
  const fields = readObject(value, path);
  const known: readonly (keyof DelayFault)[] = ['rate', 'minMs', 'maxMs'];
  for (const name of Object.keys(fields)) {
    if (!known.some((field) => field === name) && !(late && name === 'reset')) {
      throw invalid(`${path}.${name}`, fields[name], `one of ${known.join(', ')}${late ? ', reset' : ''}`);
    }
  }
  for (const name of known) {
    if (fields[name] === undefined) throw invalid(`${path}.${name}`, undefined, 'a number, it is missing');
  }
  checkNumber(fields['rate'], `${path}.rate`, 0, 1);
  const shortest = checkNumber(fields['minMs'], `${path}.minMs`, 0, MAX_DELAY_MS) ?? 0;
  checkNumber(fields['maxMs'], `${path}.maxMs`, shortest, MAX_DELAY_MS);
  checkBoolean(fields['reset'], `${path}.reset`);
}

function checkNumber(value: unknown, path: string, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw invalid(path, value, `a number from ${min} to ${max}`);
  }
  return value;
}

function checkBoolean(value: unknown, path: string): void {
  if (value !== undefined && typeof value !== 'boolean') throw invalid(path, value, 'true or false');
}

function readObject(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, value, 'a JSON object');
  }
  return value as Fields;
}

/** The text of a value that is quoted in a message, so that a large one does not fill it. */
const QUOTED_LENGTH = 80;

function invalid(path: string, value: unknown, range: string): ClusterSimError {
  const text = String(JSON.stringify(value) ?? value).slice(0, QUOTED_LENGTH);
  return new ClusterSimError('INVALID_FAULTS', `${path} is ${text}; it must be ${range}`);
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
  return Object.freeze(value);
}
