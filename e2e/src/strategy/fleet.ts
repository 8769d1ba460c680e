import { connect, STRATEGIES } from '@holdfast/strategy-client';
import { seededRandom } from '../seeded-random.js';
import type { LoadOptions, LoadReport, QueryEnd } from './client/protocol.js';
import { ClientProcess } from './client-process.js';
import type { EngineProcess } from './engine-process.js';

/** Starts client processes with names and seeds of their own. */
export function startClients(
  engine: EngineProcess,
  o: { readonly seed: number; readonly names: readonly string[]; readonly redisUrl?: string },
): Promise<ClientProcess[]> {
  const random = seededRandom(o.seed);
  return Promise.all(
    o.names.map((name) =>
      ClientProcess.start({
        ...{ name, port: engine.port, seed: Math.floor(random() * 2 ** 31) },
        ...(o.redisUrl !== undefined && { redisUrl: o.redisUrl }),
      }),
    ),
  );
}

/** A load on all of them, while `during` lasts; what each has done. */
export async function underLoad(
  clients: readonly ClientProcess[],
  options: LoadOptions,
  during: () => Promise<void>,
): Promise<LoadReport[]> {
  await Promise.all(clients.map(({ line }) => line.call('load', options)));
  await during();
  return Promise.all(clients.map(({ line }) => line.call('calm')));
}

/** Queries of a load that have been executed so far. */
export async function executions(clients: readonly ClientProcess[]): Promise<number> {
  const counts = await Promise.all(
    clients.flatMap(({ line }) => STRATEGIES.map((strategy) => line.call('executed', strategy))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What the writes of a load have left in the tables, as a connection of this process reads it. */
export async function leftByWrites(
  engine: EngineProcess,
  queries: readonly QueryEnd[],
): Promise<{ readonly inserted: ReadonlySet<string>; readonly updates: number }> {
  const { port } = engine;
  await using connection = connect({ host: '127.0.0.1', port, username: 'holdfast', password: 'holdfast' });
  const groups = await connection.query(
    "SELECT group_id FROM hive.ops.desired_groups WHERE group_id LIKE '%-%-%'",
  );
  const inserted = (await groups.fetchAll()).map(([id]) => String(id));
  const stock = await connection.query("SELECT stock FROM hive.sales.products WHERE sku = 'PEN-99'");
  const [[left] = []] = await stock.fetchAll();
  if (new Set(inserted).size !== inserted.length) throw new Error('a group is there twice');
  // No sample group has two hyphens; nothing but a load's updates changes this stock.
  return { inserted: new Set(inserted), updates: queries.length === 0 ? 0 : Number(left) - STOCK_AT_START };
}

const STOCK_AT_START = 10_000;
