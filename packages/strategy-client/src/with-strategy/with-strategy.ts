import type { Client } from '@grpc/grpc-js';
import { StrategyClientError } from '../errors.js';
import { Caller } from './caller.js';
import type { Method } from './methods.js';
import { resolveWithStrategyOptions, type WithStrategyOptions } from './options.js';
import { callStream } from './stream.js';
import type { StrategyCallOptions, StrategyClient } from './types.js';
import { callUnary } from './unary.js';

type AnyMethod = (request: unknown, o?: StrategyCallOptions) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * The unary and server-streaming methods of a grpc-js client, so that they follow a blue/green switch: a call goes to the
 * deployment that answers for new work, with a session of that deployment; what it begins stays there until it ends; and a
 * call that came to the wrong side is sent again to the right one. Works for clients of a generator and of
 * `makeGenericClientConstructor`; methods that stream requests are left out, and throw `NOT_SUPPORTED`.
 *
 * An error of the service's own is thrown as grpc-js made it. What can still go wrong, and is told apart by its class:
 * - LostAfterSend: a call that is not idempotent was sent and its answer lost, or a stream broke of which the caller had
 *   got messages. It may have taken effect.
 * - DeploymentGoneError: what the call is about ended with its deployment.
 * - AuthenticationError: no session on the deployment that calls go to.
 * - StrategyDetectionError: neither deployment took the call in `maxRetryAttempts`.
 * - `UNAVAILABLE`: no answer to a call that may be repeated, in as many attempts; `CLOSED`: after `close()`.
 *
 * A stream that is neither read to its end nor left runs until `streamTimeoutMs`, and counts as a pin so long. A method of
 * the service that is called `close` gives way to this client's own.
 *
 * A repeated call that begins something may begin it twice, so that only one of both is known here: do not call such a
 * method idempotent. A pin that nobody ends is kept, up to `maxPins`, and its deployment is never told to be drained. An id
 * of which this process does not know where it lives goes where new calls go. Where the service has no sessions, a
 * caller's own call finds out whether the other deployment answers, and is lost if it does not.
 *
 * @throws `INVALID_ARGUMENT` for options out of their limits and for a client without a service definition, `CLOSED` for a
 * closed manager.
 */
export function withStrategy<C extends Client, S = unknown>(
  client: C,
  options: WithStrategyOptions<C, S>,
): StrategyClient<C> {
  const caller = new Caller(client, resolveWithStrategyOptions(options));
  const close = async (): Promise<void> => caller.close();
  const methods: Record<string, AnyMethod> = {};
  for (const [name, method] of caller.methods) methods[name] = methodOf(caller, method);
  const made = { ...methods, close, [Symbol.asyncDispose]: close };
  // The names and what they take are those of the client's type, as far as that tells the truth about its definition.
  return Object.freeze(made) as unknown as StrategyClient<C>;
}

function methodOf(caller: Caller, method: Method): AnyMethod {
  const { requestStream, responseStream } = method.definition;
  if (requestStream)
    return () => {
      throw new StrategyClientError(
        'NOT_SUPPORTED',
        `${method.name} streams requests, which cannot be sent again elsewhere; call it on the client itself, with the strategy's header`,
      );
    };
  const call = responseStream ? callStream : callUnary;
  return (request, o) => call(caller, method, request, o);
}
