import type { FastifyRequest } from 'fastify';
import type { Colour } from '../colour.js';
import { EngineMockError } from '../engine-mock-error.js';
import type { SwitchRequest } from '../switching/switcher.js';

/** The longest wait that can be asked for in a body: a day. */
const MAX_WAIT_MS = 86_400_000;

type Fields = Readonly<Record<string, unknown>>;

/** The body as JSON, whatever content type it has. @throws EngineMockError `INVALID_OPTION`. */
export function readJson(request: FastifyRequest): unknown {
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineMockError('INVALID_OPTION', 'the body must be JSON', { cause });
  }
}

/** `{"to"?, "announceMs"?, "drainMs"?}`; no body means nothing is asked for in particular. */
export function readSwitch(request: FastifyRequest): SwitchRequest {
  const fields = readFields(request, ['to', 'announceMs', 'drainMs']);
  return {
    to: readColour('to', fields['to']),
    announceMs: readWait('announceMs', fields['announceMs']),
    drainMs: readWait('drainMs', fields['drainMs']),
  };
}

/** `{"strategy"?}`. */
export function readStrategy(request: FastifyRequest): Colour | undefined {
  return readColour('strategy', readFields(request, ['strategy'])['strategy']);
}

function readFields(request: FastifyRequest, known: readonly string[]): Fields {
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) return {};
  const body = readJson(request);
  if (!isFields(body)) throw invalid('the body', body, 'a JSON object');
  for (const name of Object.keys(body)) {
    // A misspelt field would silently do nothing.
    if (!known.includes(name)) throw invalid(name, body[name], `one of ${known.join(', ')}`);
  }
  return body;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readColour(name: string, value: unknown): Colour | undefined {
  if (value === undefined || value === 'blue' || value === 'green') return value;
  throw invalid(name, value, 'blue or green');
}

function readWait(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= MAX_WAIT_MS) return value;
  throw invalid(name, value, `a number of ms from 0 to ${MAX_WAIT_MS}`);
}

function invalid(name: string, value: unknown, range: string): EngineMockError {
  const shown = String(JSON.stringify(value)).slice(0, 80);
  return new EngineMockError('INVALID_OPTION', `${name} is ${shown}; it must be ${range}`);
}
