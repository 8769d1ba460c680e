import type { handleUnaryCall } from '@grpc/grpc-js';
import type { ClusterServiceCalls, UnaryServer } from '@holdfast/strategy-client/protocol';
import type { CredentialCheck } from '../engine/credentials.js';
import { statusOf } from '../engine/grpc-failure.js';
import type { ClusterState, ClusterStatus } from './cluster-state.js';

type Handler = handleUnaryCall<
  { readonly user: string; readonly password: string },
  { readonly status: string }
>;

/** Handlers of the cluster service. They are reached in any state of the cluster. */
export function clusterHandlers(
  cluster: ClusterState,
  credentials: CredentialCheck,
): UnaryServer<ClusterServiceCalls> {
  const answer =
    (act: () => void): Handler =>
    (call, callback) => {
      try {
        credentials.check(call.request.user, call.request.password);
        act();
        const status: ClusterStatus = cluster.status;
        callback(null, { status });
      } catch (error) {
        callback(statusOf(error));
      }
    };
  return {
    status: answer(() => {}),
    resume: answer(() => cluster.resume()),
    suspend: answer(() => cluster.suspend()),
  };
}
