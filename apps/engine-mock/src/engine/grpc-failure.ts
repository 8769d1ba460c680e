import { status } from '@grpc/grpc-js';
import { SqlError } from '../sql/sql-error.js';

/** A call that ends with a status other than OK. */
export class GrpcFailure extends Error {
  override readonly name = 'GrpcFailure';
  readonly code: status;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
  }
}

/** The session is not one of this deployment: it ended, expired, or belongs to the other one. */
export const accessDenied = (): GrpcFailure => new GrpcFailure(status.INTERNAL, 'Access denied');

/** What a client sees of an error in a handler. */
export function statusOf(error: unknown): { readonly code: status; readonly details: string } {
  if (error instanceof GrpcFailure) return { code: error.code, details: error.message };
  if (error instanceof SqlError) return { code: status.INVALID_ARGUMENT, details: error.message };
  return { code: status.INTERNAL, details: `the engine failed: ${String(error)}` };
}
