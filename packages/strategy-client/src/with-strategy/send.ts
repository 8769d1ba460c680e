import type { Client, ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { onAbort } from '../on-abort.js';
import type { Method } from './methods.js';

/** What is sent, once. */
export interface Sending {
  readonly method: Method;
  readonly request: unknown;
  readonly metadata: Metadata;
  readonly deadline: Date;
  readonly signal: AbortSignal | undefined;
}

/** Rejects with the call's error; as cancelled, when the signal aborts. */
export function sendUnary(client: Client, o: Sending): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = o.method.definition;
  const { metadata, deadline } = o;
  return new Promise((resolve, reject) => {
    let unlink = (): void => {};
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      o.request,
      metadata,
      { deadline },
      (error, response) => {
        unlink();
        if (error) reject(error);
        else resolve(response);
      },
    );
    unlink = onAbort(o.signal, () => call.cancel());
  });
}

/** The messages of a server-streaming call, read no faster than they are asked for. */
export class ReplyStream {
  readonly #call: ClientReadableStream<unknown>;
  readonly #messages: AsyncIterator<unknown>;
  readonly #unlink: () => void;

  constructor(client: Client, o: Sending) {
    const { path, requestSerialize, responseDeserialize } = o.method.definition;
    const { metadata, deadline } = o;
    this.#call = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      o.request,
      metadata,
      {
        deadline,
      },
    );
    // The iterator listens only while it is asked; an error that nobody listens for would end the process.
    this.#call.on('error', () => {});
    this.#messages = this.#call[Symbol.asyncIterator]();
    this.#unlink = onAbort(o.signal, () => this.#call.cancel());
  }

  /** Messages that came before an error are handed out before it. */
  next(): Promise<IteratorResult<unknown>> {
    return this.#messages.next();
  }

  /** Ends the call, if it has not ended. */
  close(): void {
    this.#unlink();
    this.#call.cancel();
  }
}
