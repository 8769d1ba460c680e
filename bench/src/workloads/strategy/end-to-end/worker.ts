import { type Connection, connect } from '@holdfast/strategy-client';
import { BenchError } from '../../../harness/bench-error.js';
import { serveWorker } from '../../../harness/worker-host.js';
import { BareQueries } from './bare-queries.js';
import type { EndToEndWorker, Querier } from './protocol.js';
import { type RunQuery, runQueries } from './run-queries.js';
import { CATALOG, CLUSTER, PASSWORD, ROWS, SCHEMA, STATEMENT, USER } from './statement.js';

interface Opened {
  readonly bare: BareQueries;
  readonly connection: Connection;
  readonly queries: Readonly<Record<Querier, RunQuery>>;
}

let opened: Opened | null = null;

async function open(port: number): Promise<Opened> {
  const bare = await BareQueries.open(port);
  const connection = connect({
    ...{ host: '127.0.0.1', port, username: USER, password: PASSWORD },
    ...{ catalog: CATALOG, database: SCHEMA, clusterName: CLUSTER },
  });
  const byStub = (): Promise<void> => bare.query();
  const byClient = async (): Promise<void> => {
    const result = await connection.query(STATEMENT);
    const rows = await result.fetchAll();
    if (rows.length !== ROWS)
      throw new BenchError('WRONG_REPLY', `${rows.length} rows came instead of ${ROWS}`);
  };
  await byClient();
  return { bare, connection, queries: { bare: byStub, client: byClient, 'bare-again': byStub } };
}

function sides(): Opened {
  if (opened === null) throw new Error('open() comes first');
  return opened;
}

serveWorker<EndToEndWorker>({
  async open({ port }) {
    opened = await open(port);
  },
  queries: (order) => runQueries(order, sides().queries),
  async close() {
    const { bare, connection } = sides();
    await connection.close();
    bare.close();
  },
});
