import { StrategyManager } from '@holdfast/strategy-client';
import { type EngineClient, type EngineTransport, inside } from './internals.js';

const { resolveConnectOptions } = await inside('connection/options');
const clients = await inside('engine/engine-client');

/** Options of a connection that goes nowhere. */
export const NOWHERE: ReturnType<typeof resolveConnectOptions> = resolveConnectOptions({
  host: 'nowhere.invalid',
  port: 1,
  username: 'bench',
  password: 'bench',
  catalog: 'builtin',
  database: 'generated',
  clusterName: 'bench',
});

/** The inside of a connection over a transport of the benchmark, with its session open. */
export async function openClient(transport: EngineTransport): Promise<EngineClient> {
  const manager = new StrategyManager({ target: NOWHERE.target, cluster: NOWHERE.clusterName });
  const client = new clients.EngineClient(NOWHERE, manager, transport);
  await client.session(undefined);
  return client;
}
