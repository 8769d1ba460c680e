import assert from 'node:assert/strict';
import { CoordinationError, type CoordinationErrorCode } from '../errors.js';
import { soon } from './until.js';

/** The error with which the promise rejects, which has one of these codes. */
export async function fails(
  promise: Promise<unknown>,
  ...codes: CoordinationErrorCode[]
): Promise<CoordinationError> {
  const error = await soon('a rejection', promise).then(
    (value) => assert.fail(`resolved to ${String(value)}; expected ${codes.join(' or ')}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CoordinationError) || !codes.includes(error.code))
    throw new Error(`expected ${codes.join(' or ')}, but it rejected with ${String(error)}`, {
      cause: error,
    });
  return error;
}
