import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { Client, Metadata, type ServiceError } from '@grpc/grpc-js';
import { now } from '../../coordination/now.js';

/** One call as grpc-js is asked to make it. Times are CLOCK_MONOTONIC in ms. */
export interface Call {
  readonly rpc: string;
  /** The header; empty without one. */
  readonly strategy: string;
  readonly request: unknown;
  readonly from: number;
}

/** Is told of every call of this thread. */
export interface CallTap {
  started(call: Call): void;
  /** It is over; `error` is null for one that was answered. */
  ended(call: Call, error: ServiceError | null, response: unknown): void;
  /**
   * The thread has lost a connection to the engine, and this call was on its way. A connection is lost when its socket
   * says so, before HTTP/2 or gRPC hear of it; what is begun until they have is begun on the lost connection too, and is
   * told of as well.
   */
  wasUnderWay(call: Call): void;
}

/**
 * Looks at the calls that the client really makes, between it and grpc-js: no retry happens below, so what is under way
 * here is under way on the network.
 */
export function tapCalls(port: number, tap: CallTap): void {
  const underWay = new Set<Call>();
  const original: unknown = Reflect.get(Client.prototype, 'makeUnaryRequest');
  if (typeof original !== 'function') throw new TypeError('grpc-js has no makeUnaryRequest to look at');
  const tapped = function (this: Client, ...args: unknown[]): unknown {
    const [path, , , request, metadata] = args;
    const callback = args.pop();
    if (typeof callback !== 'function' || !(metadata instanceof Metadata))
      throw new TypeError('another way of calling');
    const call: Call = {
      rpc: String(path).replace(/^.*\//, ''),
      strategy: String(metadata.get('strategy')[0] ?? ''),
      request,
      from: now(),
    };
    underWay.add(call);
    tap.started(call);
    args.push((error: ServiceError | null, response: unknown) => {
      underWay.delete(call);
      tap.ended(call, error, response);
      callback(error, response);
    });
    return Reflect.apply(original, this, args);
  };
  Reflect.set(Client.prototype, 'makeUnaryRequest', tapped);

  const lost = (): void => {
    for (const call of underWay) tap.wasUnderWay(call);
  };
  subscribe('net.client.socket', (message) => {
    const socket: unknown = Object(message).socket;
    if (!(socket instanceof Socket)) return;
    socket.once('connect', () => {
      if (socket.remotePort !== port) return;
      socket.once('error', lost);
      socket.once('close', () => {
        lost();
        setImmediate(lost);
      });
    });
  });
}
