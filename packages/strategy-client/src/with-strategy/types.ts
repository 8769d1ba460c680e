import type { Client, Metadata } from '@grpc/grpc-js';

/** What one call may say for itself. */
export interface StrategyCallOptions {
  /** Ends the call, also on the server; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Deadline of each attempt, ms; of a stream as a whole. Default: `timeoutMs`, or `streamTimeoutMs`, of the client. */
  readonly timeoutMs?: number;
  /** Sent along; the strategy's header is added to a copy. Default: none. */
  readonly metadata?: Metadata;
  /** Whether the call may be sent again when its answer is lost. Default: what the option `idempotent` says of the method. */
  readonly idempotent?: boolean;
}

/** A unary method of a client that `withStrategy` made. */
export type UnaryMethod<Req, Res> = (request: Req, o?: StrategyCallOptions) => Promise<Res>;

/**
 * A server-streaming method. The call is sent when the iteration begins, and read as fast as it is iterated; leaving the
 * loop cancels it. To be iterated once.
 */
export type StreamMethod<Req, Res> = (request: Req, o?: StrategyCallOptions) => AsyncIterable<Res>;

type Shape<Kind, Req, Res> = { readonly kind: Kind; readonly request: Req; readonly response: Res };

/** What a callback of a unary method gets, from `(error, response)` or `(error, response?)`. */
type ReplyOf<Callback> = Callback extends (...args: infer P) => unknown
  ? P extends [unknown, (infer Res)?]
    ? Exclude<Res, undefined>
    : never
  : never;

/** What a method of a grpc-js client takes and gives, read from its last overload; never for one that streams requests. */
type ShapeOf<F> = F extends (...args: infer Args) => infer Call
  ? Call extends { readonly serialize: unknown }
    ? never
    : Args extends [infer Req, ...infer Rest]
      ? Call extends { readonly deserialize: (bytes: Buffer) => infer Res }
        ? Shape<'stream', Req, Res>
        : Call extends { cancel(): void; getPeer(): string }
          ? Rest extends [...unknown[], infer Callback]
            ? Shape<'unary', Req, ReplyOf<Callback>>
            : never
          : never
      : never
  : never;

/** The unary and server-streaming methods of a client. */
export type MethodName<C extends Client> = {
  [K in keyof C]: K extends keyof Client
    ? never
    : string extends K
      ? never
      : [ShapeOf<C[K]>] extends [never]
        ? never
        : K & string;
}[keyof C];

/** What a method is asked. */
export type RequestOf<C extends Client, M extends keyof C> = ShapeOf<C[M]>['request'];

/** What a method answers, a stream in each message. */
export type ResponseOf<C extends Client, M extends keyof C> = ShapeOf<C[M]>['response'];

/** A call of any method; `method` tells which, and with that what `request` is. */
export type CallOf<C extends Client> = {
  [M in MethodName<C>]: { readonly method: M; readonly request: RequestOf<C, M> };
}[MethodName<C>];

/** A call and its reply; of a stream, the first message. */
export type AnsweredCallOf<C extends Client> = {
  [M in MethodName<C>]: {
    readonly method: M;
    readonly request: RequestOf<C, M>;
    readonly response: ResponseOf<C, M>;
  };
}[MethodName<C>];

type MethodOf<F> =
  ShapeOf<F> extends Shape<'unary', infer Req, infer Res>
    ? UnaryMethod<Req, Res>
    : ShapeOf<F> extends Shape<'stream', infer Req, infer Res>
      ? StreamMethod<Req, Res>
      : never;

/** The methods of a client, following its deployments, and what ends that. */
export type StrategyClient<C extends Client> = {
  readonly [M in MethodName<C>]: MethodOf<C[M]>;
} & AsyncDisposable & {
    /**
     * Ends the sessions' upkeep and lets go of all pins; later calls throw `CLOSED`. Calls under way go on, unless they wait
     * for a session. The grpc-js client stays open: it belongs to who made it.
     */
    close(): Promise<void>;
  };
