import { Answer, type Caller } from './caller.js';
import type { Method } from './methods.js';
import { sendUnary } from './send.js';
import type { StrategyCallOptions } from './types.js';

/** Sends a unary call and returns its response. */
export async function callUnary(
  caller: Caller,
  method: Method,
  request: unknown,
  o: StrategyCallOptions = {},
): Promise<unknown> {
  const { board, hooks, client } = caller;
  const call = await caller.prepare(method, request, { ...o, isStream: false });
  const response = await caller.run(
    call,
    async (place) => {
      // Counts as a pin until its own pin, if it begins one, is known: between the two nothing may seem drained.
      board.pins.enter(place.strategy);
      try {
        const response = await sendUnary(client, call.sending(place));
        caller.answered(call, place, response);
        return new Answer(response, hooks.wordIn(response));
      } finally {
        board.leave(place.strategy);
      }
    },
    { isSlow: false },
  );
  caller.succeeded(call);
  return response;
}
