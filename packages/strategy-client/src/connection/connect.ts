import { EngineClient } from '../engine/engine-client.js';
import { GrpcTransport } from '../engine/transport.js';
import { StrategyClientError } from '../errors.js';
import { StrategyManager } from '../manager/strategy-manager.js';
import { Connection } from './connection.js';
import { type ConnectOptions, type ResolvedConnectOptions, resolveConnectOptions } from './options.js';

/** Options of `connect`, with what it may share. */
export interface ConnectWithManagerOptions extends ConnectOptions {
  /** A manager to share with other connections to the same router and cluster. Default: one of its own. */
  readonly manager?: StrategyManager;
}

/**
 * Opens a connection. Nothing is sent before the first call, which finds out which deployment is active.
 *
 * @throws StrategyClientError `INVALID_ARGUMENT`, naming the option and its limits, also for a manager of another router.
 */
export function connect(options: ConnectWithManagerOptions): Connection {
  const resolved = resolveConnectOptions(options);
  // Before a manager, which may open connections of its store: certificates that can't be read are found here.
  const transport = new GrpcTransport(resolved);
  try {
    const manager = options.manager ?? managerOf(resolved);
    checkManager(manager, resolved);
    const engine = new EngineClient(resolved, manager, transport);
    return new Connection(engine, { ownsManager: options.manager === undefined });
  } catch (error) {
    transport.close();
    throw error;
  }
}

function checkManager({ target, cluster }: StrategyManager, o: ResolvedConnectOptions): void {
  if (target === o.target && cluster === o.clusterName) return;
  throw new StrategyClientError(
    'INVALID_ARGUMENT',
    `the manager is of ${target} ${cluster}, the connection goes to ${o.target} ${o.clusterName}; give each router and cluster a manager of its own`,
  );
}

function managerOf(o: ResolvedConnectOptions): StrategyManager {
  const { target, clusterName: cluster, strategyCacheTimeoutMs, store, logger, clock, random } = o;
  return new StrategyManager({
    ...{ target, cluster, strategyCacheTimeoutMs, logger, clock, random },
    ...(store === undefined ? {} : { store }),
  });
}
