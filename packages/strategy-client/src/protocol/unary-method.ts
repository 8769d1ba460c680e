import type {
  CallOptions,
  Client,
  ClientUnaryCall,
  handleUnaryCall,
  Metadata,
  MethodDefinition,
  requestCallback,
} from '@grpc/grpc-js';
import type { BinaryReader } from './binary-reader.js';
import type { BinaryWriter } from './binary-writer.js';

/** Request and response of each call of a service. */
type Calls<C> = { readonly [Name in keyof C]: readonly [unknown, unknown] };

/** The calls of a service as grpc-js wants them defined. */
export type UnaryService<C extends Calls<C>> = {
  readonly [Name in keyof C]: MethodDefinition<C[Name][0], C[Name][1]>;
};

/** What a server gives to `addService`. */
export type UnaryServer<C extends Calls<C>> = {
  [Name in keyof C]: handleUnaryCall<C[Name][0], C[Name][1]>;
};

/** The methods of a stub. */
export type UnaryCalls<C extends Calls<C>> = {
  readonly [Name in keyof C]: (
    request: C[Name][0],
    metadata: Metadata,
    options: CallOptions,
    callback: requestCallback<C[Name][1]>,
  ) => ClientUnaryCall;
};

/** A stub: one method for each call. */
export type UnaryClient<C extends Calls<C>> = Client & UnaryCalls<C>;

/** The generated codec of one message. */
interface MessageCodec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
}

/** Makes method definitions of one service. */
export function defineUnary(
  service: string,
): <Q, R>(name: string, request: MessageCodec<Q>, response: MessageCodec<R>) => MethodDefinition<Q, R> {
  return (name, request, response) => ({
    path: `/${service}/${name}`,
    originalName: name,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message) => request.encode(message).finish(),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (message) => response.encode(message).finish(),
    responseDeserialize: (bytes) => response.decode(bytes),
  });
}
