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
type Calls = object;
type Request<Call> = Call extends readonly [infer Q, unknown] ? Q : never;
type Response<Call> = Call extends readonly [unknown, infer R] ? R : never;

/** The calls of a service as grpc-js wants them defined. */
export type UnaryService<C extends Calls> = {
  readonly [Name in keyof C]: MethodDefinition<Request<C[Name]>, Response<C[Name]>>;
};

/** What a server gives to `addService`. */
export type UnaryServer<C extends Calls> = {
  [Name in keyof C]: handleUnaryCall<Request<C[Name]>, Response<C[Name]>>;
};

/** A stub: one method for each call. */
export type UnaryClient<C extends Calls> = Client & {
  readonly [Name in keyof C]: (
    request: Request<C[Name]>,
    metadata: Metadata,
    options: CallOptions,
    callback: requestCallback<Response<C[Name]>>,
  ) => ClientUnaryCall;
};

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
