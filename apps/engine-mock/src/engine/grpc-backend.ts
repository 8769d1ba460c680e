import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { clusterService, queryEngineService } from '@holdfast/strategy-client/protocol';

const LOOPBACK = '127.0.0.1:0';

export interface BackendOptions {
  readonly engine: UntypedServiceImplementation;
  readonly cluster: UntypedServiceImplementation;
  readonly maxMessageBytes: number;
}

/** The gRPC server of one deployment, on a free port of the loopback. Only the router is meant to know the port. */
export interface GrpcBackend {
  readonly port: AddressInfo['port'];
  /** Ends all its calls at once; done when the port is free. */
  close(): Promise<void>;
}

export async function startGrpcBackend(options: BackendOptions): Promise<GrpcBackend> {
  const { engine, cluster, maxMessageBytes } = options;
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
  });
  server.addService(queryEngineService, engine);
  server.addService(clusterService, cluster);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(LOOPBACK, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => shutDown(server) };
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The first tells when it is over, the second makes sure that it does not wait for calls.
    server.tryShutdown(() => resolve());
    server.forceShutdown();
  });
}
