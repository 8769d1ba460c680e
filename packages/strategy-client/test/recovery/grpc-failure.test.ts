import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../src/errors.js';
import { finalError } from '../../src/recovery/final-error.js';
import { grpcFailure } from '../../src/recovery/grpc-failure.js';

const failure = (code: number, details: string): Error =>
  Object.assign(new Error(`${code} ${status[code]}: ${details}`), { code, details });
const kindOf = (code: number, details: string): string => grpcFailure(failure(code, details)).kind;

/** Texts that other gRPC stacks, or engines, send; those of grpc-js itself are in bare-http2.test.ts. */
describe('what a gRPC error says', () => {
  it.each([
    [status.UNKNOWN, 'Received HTTP status code 456'],
    [status.UNKNOWN, 'Received http2 header with status: 456'],
    [status.UNKNOWN, 'HTTP 456'],
    [status.UNKNOWN, 'status: 456'],
    [status.UNAVAILABLE, 'upstream said status 456'],
    [status.INVALID_ARGUMENT, 'Wrong strategy. Status: 456. Active strategy: green'],
  ])('%i %s is the wrong deployment', (code, details) => {
    expect(kindOf(code, details)).toBe('mismatch');
  });

  it.each([
    [status.INVALID_ARGUMENT, 'syntax error near 456'],
    [status.NOT_FOUND, 'query 456 is not there'],
    [status.INTERNAL, 'query q-456-7 failed'],
    [status.UNKNOWN, 'Received HTTP status code 4560'],
    [status.INVALID_ARGUMENT, "cannot cast '456' to DATE"],
    [status.INVALID_ARGUMENT, 'column statuscode456 is not there: SELECT statuscode456 FROM t WHERE a = 456'],
  ])('%i %s is not', (code, details) => {
    expect(kindOf(code, details)).not.toBe('mismatch');
  });

  it.each([['Received HTTP status code 503'], ['Received http2 header with status: 503'], ['HTTP 503']])(
    'UNAVAILABLE %s may be a suspended cluster',
    (details) => {
      expect(kindOf(status.UNAVAILABLE, details)).toBe('unavailable-503');
    },
  );

  it('a 503 in the text of another code is not', () => {
    expect(kindOf(status.INVALID_ARGUMENT, 'status: 503 is no column')).not.toBe('unavailable-503');
  });

  it.each([
    ['No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1'],
    ['Name resolution failed for target dns:nowhere.invalid:1'],
    ['Stream refused by server'],
  ])('UNAVAILABLE %s did not leave this process', (details) => {
    expect(kindOf(status.UNAVAILABLE, details)).toBe('before-send');
  });

  it.each([
    [status.UNAVAILABLE, 'Connection dropped'],
    [status.UNAVAILABLE, 'The server says: Stream refused to say more'],
    [status.UNAVAILABLE, 'Received HTTP status code 502'],
    [status.UNAVAILABLE, 'Received HTTP status code 504'],
    [status.UNAVAILABLE, 'Received HTTP status code 429'],
    [status.UNAVAILABLE, ''],
    [status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)'],
    [status.INTERNAL, 'Received RST_STREAM with code 0'],
    [status.UNKNOWN, 'Received HTTP status code 500'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded after 1.2s'],
    [status.CANCELLED, 'Channel closed!'],
    [status.ABORTED, 'try again'],
  ])('%i %s may have been processed', (code, details) => {
    expect(kindOf(code, details)).toBe('after-send');
  });

  it.each([
    [status.UNAUTHENTICATED, 'who are you', 'refused'],
    [status.PERMISSION_DENIED, 'not you', 'refused'],
    [status.INTERNAL, 'Access denied for session 7', 'denied'],
    [status.NOT_FOUND, 'no such query', 'not-found'],
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (5 vs. 4)', 'too-large'],
    [status.RESOURCE_EXHAUSTED, 'Attempted to send message with a size larger than 4', 'too-large'],
    [status.RESOURCE_EXHAUSTED, 'the quota of this user is used up', 'answered'],
    [status.INTERNAL, 'division by zero', 'answered'],
    [status.INTERNAL, 'the object store answered: status code 503', 'answered'],
    [status.INVALID_ARGUMENT, "no such column: 'HTTP 500'", 'answered'],
    [status.INVALID_ARGUMENT, 'Access denied', 'answered'],
    [status.UNIMPLEMENTED, 'no such call', 'answered'],
  ])('%i %s is %s', (code, details, kind) => {
    expect(kindOf(code, details)).toBe(kind);
  });

  it('reads the message where there are no details, and takes anything that is thrown', () => {
    expect(grpcFailure(new Error('status: 456')).kind).toBe('mismatch');
    expect(grpcFailure('nothing at all')).toMatchObject({ kind: 'answered', details: 'nothing at all' });
    expect(grpcFailure(null)).toMatchObject({ code: status.UNKNOWN });
  });

  it('lets an error of this package through', () => {
    const error = new AuthenticationError('blue', 'status: 456');
    const read = grpcFailure(error);
    expect(read.kind).toBe('answered');
    expect(finalError('prepareStatement', read)).toBe(error);
  });

  it.each([
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (5 vs. 4)', 'MESSAGE_TOO_LARGE'],
    [status.UNIMPLEMENTED, 'no such call', 'NOT_IMPLEMENTED'],
    [status.INVALID_ARGUMENT, 'bad SQL', 'QUERY_FAILED'],
  ])('%i %s ends a call with %s, which names the RPC', (code, details, expected) => {
    const cause = failure(code, details);
    const error = finalError('prepareStatement', grpcFailure(cause));
    expect(error).toMatchObject({ code: expected, cause });
    expect(error.message).toContain('prepareStatement');
    expect(error.message).toContain(details);
  });
});
