import { Client, type ClientUnaryCall, type Metadata, type MethodDefinition } from '@grpc/grpc-js';
import { channelOptions } from '../connection/channel-options.js';
import type { ResolvedConnectOptions } from '../connection/options.js';
import { channelCredentials } from '../connection/tls.js';
import type { Ending } from '../ending.js';
import { StrategyClientError } from '../errors.js';
import { onAbort } from '../on-abort.js';
import { withoutStack } from './without-stack.js';

/** How one call is sent. */
export interface SendOptions {
  readonly headers: Metadata;
  /** Deadline of this attempt, in ms from now. */
  readonly timeoutMs: number;
  /** Cancels the call; it then rejects as a cancelled one. */
  readonly signal: AbortSignal | undefined;
  /** Cancels it likewise, in place of `signal`. */
  readonly hangUp?: Ending | undefined;
}

/** Sends unary calls of the engine's services, each once. */
export interface EngineTransport {
  /** Rejects with the gRPC error of the call, or with `CLOSED`. */
  send<Req, Res>(method: MethodDefinition<Req, Res>, request: Req, o: SendOptions): Promise<Res>;
  /** Cancels what is under way. */
  close(): void;
}

/** The one long-lived channel of a connection (engine-wire 4.11). */
export class GrpcTransport implements EngineTransport {
  readonly #client: Client;
  readonly #now: () => number;
  /** Under way: a closed channel would keep its connection until the last of them has ended. */
  readonly #calls = new Set<ClientUnaryCall>();
  #isClosed = false;

  /** Throws `INVALID_ARGUMENT` for certificates that cannot be read. */
  constructor(o: ResolvedConnectOptions) {
    this.#client = new Client(o.target, channelCredentials(o), channelOptions(o));
    this.#now = () => o.clock.now();
  }

  send<Req, Res>(method: MethodDefinition<Req, Res>, request: Req, o: SendOptions): Promise<Res> {
    if (this.#isClosed)
      return Promise.reject(
        new StrategyClientError('CLOSED', 'the connection was closed during the call; open a new one'),
      );
    return new Promise((resolve, reject) => {
      let unlink = nothing;
      const call = withoutStack(() =>
        this.#client.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          // grpc-js copies them before it adds its own, so that one object serves all calls of a query.
          o.headers,
          { deadline: this.#now() + o.timeoutMs },
          (error, response) => {
            unlink();
            this.#calls.delete(call);
            if (error) reject(error);
            else resolve(response as Res);
          },
        ),
      );
      this.#calls.add(call);
      if (o.hangUp !== undefined) unlink = o.hangUp.on(() => call.cancel());
      else if (o.signal !== undefined) unlink = onAbort(o.signal, () => call.cancel());
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const call of this.#calls) call.cancel();
    this.#client.close();
  }
}

const nothing = (): void => {};
