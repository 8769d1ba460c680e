import { CLUSTER_METHODS, QUERY_ENGINE_METHODS } from '@holdfast/strategy-client/protocol';

/** How calls that no table names are counted. */
export const UNKNOWN_RPC = 'unknown';

const CLUSTER_SERVICE = 'ClusterService';
const QUERY_ENGINE_SERVICE = 'QueryEngineService';

/** Names by which calls are counted and struck by faults: those of the engine bare, `status` of the cluster with its service. */
export const RPC_NAMES: ReadonlySet<string> = new Set([
  ...QUERY_ENGINE_METHODS,
  ...CLUSTER_METHODS.map((method) => `${CLUSTER_SERVICE}/${method}`),
]);

/** A call as the router reads it from its path. */
export interface CallName {
  /** A name of `RPC_NAMES`, or `unknown`. */
  readonly rpc: string;
  /** Which service the path names; null for one that is not served. */
  readonly service: 'engine' | 'cluster' | null;
}

const BY_PATH: ReadonlyMap<string, CallName> = new Map([
  ...QUERY_ENGINE_METHODS.map((rpc): [string, CallName] => [
    `/${QUERY_ENGINE_SERVICE}/${rpc}`,
    { rpc, service: 'engine' },
  ]),
  ...CLUSTER_METHODS.map((method): [string, CallName] => [
    `/${CLUSTER_SERVICE}/${method}`,
    { rpc: `${CLUSTER_SERVICE}/${method}`, service: 'cluster' },
  ]),
]);

export function callNameOf(path: string): CallName {
  return BY_PATH.get(path) ?? { rpc: UNKNOWN_RPC, service: serviceOf(path) };
}

function serviceOf(path: string): CallName['service'] {
  if (path.startsWith(`/${QUERY_ENGINE_SERVICE}/`)) return 'engine';
  return path.startsWith(`/${CLUSTER_SERVICE}/`) ? 'cluster' : null;
}
