import { onAbort } from '../on-abort.js';
import type { Place } from '../recovery/recovery.js';
import type { Ticket } from '../routing/candidate.js';
import { Answer, type Caller, type PreparedCall } from './caller.js';
import { LEFT, MessageIterator } from './message-iterator.js';
import type { Method } from './methods.js';
import { ReplyStream } from './send.js';
import type { StrategyCallOptions } from './types.js';

/** A stream whose first message, or end, is there. It counts as a pin of its deployment until it is closed. */
interface Begun {
  readonly replies: ReplyStream;
  readonly first: IteratorResult<unknown>;
  readonly place: Place<unknown>;
  readonly ticket: Ticket;
}

/** A server-streaming call, which is sent when somebody begins to iterate. */
export function callStream(
  caller: Caller,
  method: Method,
  request: unknown,
  o: StrategyCallOptions = {},
): AsyncIterable<unknown> {
  const stop = new AbortController();
  return new MessageIterator(messagesOf(caller, method, { request, o, stop }), stop);
}

async function* messagesOf(
  caller: Caller,
  method: Method,
  { request, o, stop }: { request: unknown; o: StrategyCallOptions; stop: AbortController },
): AsyncGenerator<unknown, void, void> {
  const { signal } = stop;
  const unlink = onAbort(o.signal, () => stop.abort(o.signal?.reason));
  let begun: Begun | undefined;
  try {
    const call = await caller.prepare(method, request, { ...o, signal, isStream: true });
    begun = await caller.run(call, (place) => begin(caller, call, place), { isSlow: true });
    let delivered = 0;
    for (let next = begun.first; !next.done; next = await following(caller, call, begun, delivered)) {
      signal.throwIfAborted();
      delivered++;
      yield next.value;
    }
    caller.succeeded(call);
  } catch (error) {
    if (signal.aborted && signal.reason === LEFT) return;
    throw error;
  } finally {
    unlink();
    if (begun !== undefined) end(caller, begun);
  }
}

async function begin(caller: Caller, call: PreparedCall, place: Place<unknown>): Promise<Answer<Begun>> {
  const { board, hooks, client } = caller;
  const ticket = board.routing.sent(place.strategy, false);
  board.pins.enter(place.strategy);
  let replies: ReplyStream | undefined;
  try {
    replies = new ReplyStream(client, call.sending(place));
    const first = await replies.next();
    if (!first.done) caller.answered(call, place, first.value);
    return new Answer({ replies, first, place, ticket }, first.done ? null : hooks.wordIn(first.value));
  } catch (error) {
    replies?.close();
    board.leave(place.strategy);
    throw error;
  }
}

/** The next message; nothing repeats a stream of which one was delivered. */
async function following(
  caller: Caller,
  call: PreparedCall,
  { replies, ticket }: Begun,
  delivered: number,
): Promise<IteratorResult<unknown>> {
  try {
    const next = await replies.next();
    // What it says is as old as its call: a newer word wins.
    if (!next.done) caller.board.routing.heard(ticket, caller.hooks.wordIn(next.value), caller.prober);
    return next;
  } catch (cause) {
    call.signal?.throwIfAborted();
    switch (caller.hooks.classify(cause).kind) {
      case 'mismatch':
        throw caller.gone(call, ticket.strategy, { cause, rowsDelivered: delivered });
      case 'before-send':
      case 'after-send':
      case 'unavailable-503':
        throw caller.lost(call, { cause, rowsDelivered: delivered });
      default:
        throw cause;
    }
  }
}

function end({ board }: Caller, { replies, place }: Begun): void {
  replies.close();
  board.leave(place.strategy);
}
