import { constants, type ServerHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';

const { HTTP2_HEADER_STATUS, HTTP2_HEADER_CONTENT_TYPE, HTTP_STATUS_OK } = constants;

/** The answer to a call of the wrong colour, which no HTTP standard knows. */
export const MISMATCH_STATUS = 456;

/** Ends the call as a proxy does: a status and nothing else, not even a content type. */
export function answerBare(stream: ServerHttp2Stream, httpStatus: number): void {
  if (!canAnswer(stream)) return;
  stream.respond({ [HTTP2_HEADER_STATUS]: httpStatus }, { endStream: true });
}

/** Ends the call with a gRPC status and no message. */
export function answerStatus(stream: ServerHttp2Stream, code: status, message: string): void {
  if (!canAnswer(stream)) return;
  stream.respond(
    {
      [HTTP2_HEADER_STATUS]: HTTP_STATUS_OK,
      [HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      'grpc-status': String(code),
      'grpc-message': percentEncoded(message),
    },
    { endStream: true },
  );
}

/** 456 in the form in which a router that speaks gRPC says it. */
export function answerMismatchAsGrpc(stream: ServerHttp2Stream): void {
  answerStatus(stream, status.UNKNOWN, `the deployment does not serve this call, status: ${MISMATCH_STATUS}`);
}

/** Breaks the call off (RST_STREAM). */
export function reset(stream: ServerHttp2Stream, code: number = constants.NGHTTP2_INTERNAL_ERROR): void {
  if (!stream.destroyed) stream.close(code);
}

const canAnswer = (stream: ServerHttp2Stream): boolean =>
  !stream.destroyed && !stream.closed && !stream.headersSent;

/** gRPC's form of a message: printable ASCII but for `%`, everything else in hexadecimal. */
function percentEncoded(message: string): string {
  const isPlain = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
  return [...Buffer.from(message)]
    .map((byte) =>
      isPlain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
