import { status } from '@grpc/grpc-js';
import { QueryFailed, StrategyClientError } from '../errors.js';
import type { Failure } from './grpc-failure.js';

/** What a caller gets for an answer that ends its call. */
export function finalError(rpc: string, failure: Failure): StrategyClientError {
  const cause = failure.error;
  if (cause instanceof StrategyClientError) return cause;
  if (failure.kind === 'too-large')
    return new StrategyClientError(
      'MESSAGE_TOO_LARGE',
      `${rpc}: ${failure.details}; raise maxMessageBytes, or ask for less`,
      { cause },
    );
  if (failure.code === status.UNIMPLEMENTED)
    return new StrategyClientError('NOT_IMPLEMENTED', `the engine does not have ${rpc}: ${failure.details}`, {
      cause,
    });
  return new QueryFailed(rpc, failure.code, failure.details, { cause });
}
