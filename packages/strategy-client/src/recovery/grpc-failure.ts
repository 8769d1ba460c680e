import { status } from '@grpc/grpc-js';
import { StrategyClientError } from '../errors.js';

/** What a failed call tells of itself, in the terms of engine-wire 4b. */
export type FailureKind =
  /** 456: the wrong deployment. The router has answered, so the call was not processed. */
  | 'mismatch'
  /** The deployment does not know the session. */
  | 'denied'
  /** The credentials are refused. */
  | 'refused'
  /** The query, or what else the call names, is not there. */
  | 'not-found'
  /** Bare 503: the cluster may be suspended. */
  | 'unavailable-503'
  /** It did not leave this process. */
  | 'before-send'
  /** It was sent and the answer is missing, for whatever reason: it may have been processed. */
  | 'after-send'
  /** The answer is larger than this side takes: it is lost, and would be again. */
  | 'too-large'
  /** The engine has answered with an error: final. */
  | 'answered';

/** Failures that say nothing of the deployment: it has not answered. */
export const LOSSES: ReadonlySet<FailureKind> = new Set(['before-send', 'after-send', 'unavailable-503']);

/** A failed call. */
export interface Failure {
  readonly kind: FailureKind;
  /** gRPC status code; UNKNOWN for what is no gRPC error. */
  readonly code: number;
  readonly details: string;
  readonly error: unknown;
}

/** A bare HTTP status as grpc-js, gRPC C-core and connect spell it, and engines that repeat it (engine-wire 1.3). */
const HTTP_STATUS = /\b(?:HTTP status code|status code|status:?|HTTP)\s*:?\s*(\d{3})\b/i;

/** Only these three prove that a call did not leave this process (engine-wire 4b). */
const BEFORE_SEND = /^(?:Name resolution failed|.*No connection established|Stream refused)/;

/** Texts by which grpc-js reports that a stream ended without a status of the server's. */
const CUT = /^(?:Received RST_STREAM|Connection dropped|Failed to start HTTP\/2 stream|Bandwidth exhausted)/;

/** What grpc-js says of a message over the limit, in either direction. */
const TOO_LARGE = /^(?:Received message|Attempted to send message with a size) larger than/;

/** Codes that a server may send, but that do not say whether the call was processed. */
const VAGUE: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.ABORTED,
]);

/**
 * The HTTP statuses of a proxy that do not say whether the call was processed. Only with a code that gRPC stacks make of
 * them: an engine may speak of the HTTP status of something else in an answer of its own.
 */
const VAGUE_HTTP: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/**
 * Reads a gRPC error. All knowledge of texts is here: grpc-js gives no other sign of a bare HTTP status or of what was
 * sent.
 */
export function grpcFailure(error: unknown): Failure {
  if (error instanceof StrategyClientError)
    return { kind: 'answered', code: status.UNKNOWN, details: error.message, error };
  const { code, details } = partsOf(error);
  return { kind: kindOf(code, details), code, details, error };
}

function kindOf(code: number, details: string): FailureKind {
  const http = Number(HTTP_STATUS.exec(details)?.[1] ?? 0);
  if (http === 456) return 'mismatch';
  if (code === status.UNAVAILABLE) {
    if (BEFORE_SEND.test(details)) return 'before-send';
    return http === 503 ? 'unavailable-503' : 'after-send';
  }
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) return 'refused';
  if (code === status.INTERNAL && details.includes('Access denied')) return 'denied';
  if (code === status.NOT_FOUND) return 'not-found';
  if (code === status.RESOURCE_EXHAUSTED && TOO_LARGE.test(details)) return 'too-large';
  if (VAGUE.has(code) || CUT.test(details)) return 'after-send';
  if (code === status.UNKNOWN && VAGUE_HTTP.has(http)) return 'after-send';
  return 'answered';
}

function partsOf(error: unknown): { code: number; details: string } {
  if (typeof error !== 'object' || error === null) return { code: status.UNKNOWN, details: String(error) };
  const code = 'code' in error && typeof error.code === 'number' ? error.code : status.UNKNOWN;
  if ('details' in error && typeof error.details === 'string' && error.details !== '')
    return { code, details: error.details };
  return { code, details: error instanceof Error ? error.message : String(error) };
}
