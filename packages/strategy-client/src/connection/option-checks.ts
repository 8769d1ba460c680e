import { isIPv6 } from 'node:net';
import { StrategyClientError } from '../errors.js';

const invalid = (message: string): StrategyClientError =>
  new StrategyClientError('INVALID_ARGUMENT', message);

/** A text. What was given is never shown: it may be a password. */
export function text(name: string, value: unknown, fallback: string): string {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'string') return value;
  throw invalid(`${name} is ${typeof value}; give a text`);
}

/** True or false, and nothing that only looks like it: `secure: 'false'` would be true. */
export function flag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw invalid(`${name} is ${typeof value}; give true or false`);
}

export function oneOf<T extends string>(
  name: string,
  value: T | undefined,
  known: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback;
  if (known.includes(value)) return value;
  throw invalid(`${name} is ${JSON.stringify(value)}; give one of ${known.join(', ')}`);
}

const LONGEST_HOST = 253;

/** A name or address, without brackets. Not shown: whoever gives a URL may have a password in it. */
export function hostName(given: string): string {
  const host = given.startsWith('[') && given.endsWith(']') ? given.slice(1, -1) : given;
  if (isIPv6(host) || (host.length <= LONGEST_HOST && /^[\w.-]+$/.test(host))) return host;
  throw invalid(
    `host is no name or address of up to ${LONGEST_HOST} characters; give it without scheme, port, path or credentials`,
  );
}

const LONGEST_CLUSTER_NAME = 256;

/** What a header can carry, in lower case as the router compares it. */
export function headerText(name: string, value: string): string {
  if (value.length <= LONGEST_CLUSTER_NAME && /^[\x21-\x7e]*$/.test(value)) return value.toLowerCase();
  throw invalid(
    `${name} has ${value.length} characters, some of which may not go into a header; give up to ${LONGEST_CLUSTER_NAME} of printable ASCII without spaces`,
  );
}
