import { type ChannelCredentials, type ClientOptions, makeGenericClientConstructor } from '@grpc/grpc-js';
import type { ClusterServiceCalls, QueryEngineServiceCalls } from './calls.js';
import { clusterService, queryEngineService } from './services.js';
import type { UnaryClient } from './unary-method.js';

/** A bare stub of the engine: no switching, no recovery. */
export type QueryEngineStub = UnaryClient<QueryEngineServiceCalls>;
/** A bare stub of the cluster service. */
export type ClusterStub = UnaryClient<ClusterServiceCalls>;

type StubConstructor<S> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: ClientOptions,
) => S;

/** Constructor of engine stubs. */
export const QueryEngineStub: StubConstructor<QueryEngineStub> = makeGenericClientConstructor(
  queryEngineService,
  'QueryEngineService',
) as unknown as StubConstructor<QueryEngineStub>;

/** Constructor of cluster service stubs. */
export const ClusterStub: StubConstructor<ClusterStub> = makeGenericClientConstructor(
  clusterService,
  'ClusterService',
) as unknown as StubConstructor<ClusterStub>;
