import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Strategy } from '../../../src/strategy.js';
import { type Column, encodeBatch, encodeMetadata } from '../../../src/wire/index.js';

/** How the engine refuses a call. */
export type Refusal = '456' | '503' | 'expired' | 'wrong password' | 'not found';
/** How a call ends without an answer. */
export type Loss = 'before send' | 'after send';

/** What a reply carries, of all that replies can. */
interface Content {
  readonly sessionId?: string;
  readonly queryId?: string;
  /** The row of a batch; null: no row is left. */
  readonly row?: number | null;
  readonly rowCount?: number;
  /** Of the cluster. */
  readonly status?: string;
}

/** The engine's answer to a call. */
export type Answer =
  | { readonly kind: 'ok'; readonly word: Strategy | null; readonly response: object }
  | { readonly kind: Refusal };

const COLUMNS: readonly Column[] = [{ name: 'n', type: 'INTEGER', zone: '', format: '' }];

/** The address that replies to prepare tell. */
export const ENGINE_IP = '10.0.0.7';

/** A response with the fields of all messages, each with what it carries here. */
export function ok(
  word: Strategy | null,
  { sessionId = '', queryId = '', row, rowCount, status: state }: Content,
): Answer {
  return {
    kind: 'ok',
    word,
    response: {
      sessionId,
      queryId,
      engineIP: queryId === '' ? '' : ENGINE_IP,
      newStrategy: word ?? undefined,
      ...(state !== undefined && { status: state }),
      ...(row !== undefined && {
        resultBatch: row === null ? new Uint8Array() : encodeBatch(COLUMNS, [[row]]),
      }),
      ...(rowCount !== undefined && {
        resultMetaData: encodeMetadata({ rowCount: BigInt(rowCount), columns: [...COLUMNS] }),
      }),
    },
  };
}

export const failed = (kind: Refusal): Answer => ({ kind });

/** The texts by which grpc-js tells each failure; where there are several, the dice choose. */
const ERRORS: Readonly<Record<Refusal | Loss, readonly (readonly [code: number, details: string])[]>> = {
  '456': [
    [status.UNKNOWN, 'Received HTTP status code 456'],
    [status.UNKNOWN, 'Received http2 header with status: 456'],
    [status.INVALID_ARGUMENT, 'Wrong strategy. Status: 456. Use the other one.'],
  ],
  '503': [
    [status.UNAVAILABLE, 'Received HTTP status code 503'],
    [status.UNAVAILABLE, 'Received http2 header with status: 503'],
  ],
  expired: [[status.INTERNAL, 'Access denied: unknown session']],
  'wrong password': [
    [status.UNAUTHENTICATED, 'wrong password'],
    [status.PERMISSION_DENIED, 'this user may not'],
    [status.INTERNAL, 'Access denied'],
  ],
  'not found': [[status.NOT_FOUND, 'no such query']],
  'before send': [
    [status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED'],
    [status.UNAVAILABLE, 'Name resolution failed for target dns:engine.example'],
  ],
  'after send': [
    [status.UNAVAILABLE, 'Connection dropped'],
    [status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded'],
    [status.UNAVAILABLE, 'Received HTTP status code 502'],
  ],
};

/** The error of a call, as grpc-js makes it. */
export function errorOf(kind: Refusal | Loss, random: () => number): ServiceError {
  const texts = ERRORS[kind];
  const [code, details] = texts[Math.floor(random() * texts.length)] ?? [status.UNKNOWN, kind];
  return Object.assign(new Error(`${code} ${status[code]}: ${details}`), {
    code,
    details,
    metadata: new Metadata(),
  });
}
